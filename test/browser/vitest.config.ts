import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['test/browser/**/*.test.ts'],
      exclude: ['**/node_modules/**'],
      maxWorkers: 1,
      // A busy machine can slow a browser beyond any limit. The output says which story was tried again.
      retry: 1,
    },
  }),
);
