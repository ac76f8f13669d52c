import { defineConfig } from 'vitest/config';

/** The tests that need MongoDB servers, given by their URLs; one file after the other, as the servers are shared. */
export default defineConfig({
  test: {
    include: ['test/mongo/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
