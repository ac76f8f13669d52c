import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoized } from '../lib/memoized.ts';
import type { PublicEndpoint } from './endpoint.ts';
import { builtAssetGroup } from './static-assets.ts';

/** The folder that `web/build.ts` writes, in a clone and in the package alike. */
const BUILT = join(import.meta.dirname, '../../web/dist');
/** Builds the explorer. */
export const BUILD_COMMAND = 'npm run build:web';

const pageOf = (folder: string) => join(folder, 'index.html');

/** Whether the page exists. If npm installed a clone with `--ignore-scripts`, it does not. */
export function isExplorerBuilt(): boolean {
  return existsSync(pageOf(BUILT));
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Relaylog</title>
  </head>
  <body>
    <h1>Relaylog</h1>
    <p>The explorer is not built, because npm installed this clone without running its scripts.
    Run <code>${BUILD_COMMAND}</code> in its folder, then load this page again. Everything else works.</p>
    <ul>
      <li><a href="/graphql">GraphiQL</a></li>
      <li><a href="/openapi.json">OpenAPI</a></li>
    </ul>
  </body>
</html>
`;

/**
 * The explorer, a page that reads logs by the GraphQL API. It contains no data, so it needs no key.
 *
 * @param folder where it was built. If it is not there, the page says how to build it.
 */
export function explorerEndpoint(folder: string): PublicEndpoint {
  const files = builtAssetGroup(join(folder, 'assets'));
  return {
    protocol: null,
    api: 'other',
    methods: ['GET'],
    path: '/',
    description: 'The explorer: a page for finding requests',
    open: ({ assets }) => {
      assets.add(files);
      const page = memoized(() => readFile(pageOf(folder), 'utf8'));
      return () =>
        page().then(
          (body) => ({ headers: HEADERS, body }),
          () => ({ status: 503, headers: HEADERS, body: NOT_BUILT }),
        );
    },
  };
}

export const EXPLORER_ENDPOINT = explorerEndpoint(BUILT);
