import base from '../../vitest.config.ts';

/** CI's long part: what needs many trials. The environment can ask for fewer, or for more. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ['test/long/*.test.ts'],
    exclude: [],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
};
