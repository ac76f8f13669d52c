import base from '../../vitest.config.ts';

/** Tests with many trials, which CI runs separately. Environment variables set the number of trials. */
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
