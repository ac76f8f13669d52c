import base from '../../vitest.config.ts';

export default {
  ...base,
  test: { ...base.test, include: ['test/cli/*.test.ts'], exclude: [] },
};
