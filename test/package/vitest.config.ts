import base from '../../vitest.config.ts';

/** Tests of the packed package, installed into empty folders. They need the npm registry. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ['test/package/*.test.ts'],
    exclude: [],
    globalSetup: 'test/package/pack.ts',
    fileParallelism: false,
    hookTimeout: 120_000,
  },
};
