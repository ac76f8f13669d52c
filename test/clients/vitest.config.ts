import base from '../../vitest.config.ts';

export default {
  ...base,
  test: { ...base.test, include: ['test/clients/*.test.ts'], exclude: [], testTimeout: 300_000 },
};
