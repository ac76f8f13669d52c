import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const CONDITIONS = ['module-sync', 'node', 'import', 'default'];

export default defineConfig({
  // Resolve packages as Node does, so that only one copy of each is loaded.
  ssr: { resolve: { conditions: CONDITIONS } },
  resolve: { conditions: CONDITIONS },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts', 'web/**/*.test.ts'],
    exclude: [
      'test/browser/**',
      'test/cli/**',
      'test/clients/**',
      'test/deploy/tools/**',
      'test/long/**',
      'test/mongo/**',
      'test/package/**',
      'test/real/**',
      '**/node_modules/**',
    ],
    globalSetup: 'test/support/temporary-folder.ts',
    pool: 'forks',
    // Many tests wait for a deadline or a process, so one more worker than cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    // As in production (see `compile-cache.js`). Without it, threads and commands spend most of their start on compilation.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'relaylog-test-compile-cache') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
