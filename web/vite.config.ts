import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import relay from 'vite-plugin-relay';

const SERVER = process.env.RELAYLOG_URL ?? 'http://localhost:4000';

/** Names of built files have a hash of their content, as `src/http/static-assets.ts` expects. */
const hashed = (extension: string) => `assets/[name].[hash:16].${extension}`;

/** Lets the browser load what `main.ts` imports after the first paint, but not before what is needed to paint. */
const preloadStart: Plugin = {
  name: 'preload-start',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const filesOf = ({ fileName, imports, isEntry }: (typeof chunks)[number]): readonly string[] =>
        isEntry
          ? []
          : [fileName, ...chunks.filter((chunk) => imports.includes(chunk.fileName)).flatMap(filesOf)];
      const files = new Set(chunks.filter(({ name }) => name === 'start').flatMap(filesOf));
      return [...files].map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, fetchpriority: 'low', href: `/${file}` },
        injectTo: 'head',
      }));
    },
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [relay, preloadStart],
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2023',
    // The page can be painted when it has this one file.
    cssCodeSplit: false,
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
        // Few files at first load, which the browser fetches together; otherwise each part that a lazy one shares is a file.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'libraries', test: /node_modules[\\/](?!uplot)/ },
            // What runs before the first paint is not in them.
            {
              name: 'shared',
              test: /[\\/](state|time|fields|format|filter|ui|relay|access|log)[\\/](?!check-credential|credentials\.|server-clock)[\w-]+\.tsx?$|viewerQuery\.graphql/,
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
