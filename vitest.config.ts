import { availableParallelism } from 'node:os';
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
    // Many tests wait for a deadline or a process; one more than there are cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
