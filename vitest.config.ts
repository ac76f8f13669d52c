import { defineConfig } from 'vitest/config';

const CONDITIONS = ['module-sync', 'node', 'import', 'default'];

export default defineConfig({
  // As Node resolves packages, so that there is one copy of each.
  ssr: { resolve: { conditions: CONDITIONS } },
  resolve: { conditions: CONDITIONS },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['test/real/**', 'test/long/**', 'test/mongo/**', '**/node_modules/**'],
    pool: 'forks',
    // Vitest itself leaves one core idle; of two, that is half.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
