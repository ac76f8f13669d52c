import base from '../../vitest.config.ts';

/** The tests that need MongoDB servers, given by their URLs; one file after the other, as the servers are shared. */
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
