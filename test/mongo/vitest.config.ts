import base from '../../vitest.config.ts';

/** The tests that need MongoDB servers. Test files run one after the other, because they share the servers. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ['test/mongo/**/*.test.ts'],
    exclude: [],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
};
