import { join } from 'node:path';
import { defineConfig } from 'vite';
import relay from 'vite-plugin-relay';

const SERVER = process.env.RELAYLOG_URL ?? 'http://localhost:4000';

/** Names of built files have a hash of their content, as `src/http/static-assets.ts` expects. */
const hashed = (extension: string) => `assets/[name].[hash:16].${extension}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [relay],
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2023',
    // A data URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // It means nothing in a page that is not rendered on a server.
      onLog: (level, log, print) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && print(level, log),
      checks: { pluginTimings: false },
      output: {
        hashCharacters: 'hex',
        // Two files at first load, which the browser fetches together; otherwise each part that a lazy one shares is a file.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules[\\/](?!uplot)/ },
            {
              name: 'shared',
              test: /[\\/](state|time|fields|format|filter|ui|relay|access|log)[\\/][\w-]+\.tsx?$/,
            },
          ],
        },
        entryFileNames: hashed('js'),
        chunkFileNames: hashed('js'),
        assetFileNames: 'assets/[name].[hash:16][extname]',
      },
    },
  },
  // `npm run dev:web` serves the page and passes everything else on to a running server.
  server: { proxy: { '/graphql': SERVER, '/assets': SERVER } },
});
