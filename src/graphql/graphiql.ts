import type { GraphiQLOptions } from 'graphql-yoga';
import { assetGroup, type StaticAssets } from '../http/static-assets.ts';

const OPTIONS: GraphiQLOptions = {
  title: 'Relaylog',
  defaultQuery: `query Latest {
  requestLogs(first: 10, filter: { outcome: CLIENT_ERROR }) {
    totalCount
    edges { node { createdAt method path statusCode durationMs } }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

/** Monaco, the editor of GraphiQL, needs inline styles and fonts in data URLs. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Asks for an API key or a JSON Web Token before it starts GraphiQL, and keeps it for the tab only. It goes into the header
 * `Authorization` of every request of GraphiQL. GraphiQL itself reads `query` from the URL; this adds `variables`.
 */
const START = `
const KEY = 'relaylog-api-key';
const form = document.querySelector('form');
const message = document.querySelector('output');
const workers = JSON.parse(document.body.dataset.workers);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };

async function open(key) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: 'Bearer ' + key },
    body: '{"query":"{ viewer { plan } }"}',
  }).catch(() => null);
  if (response === null) return 'The server cannot be reached.';
  if (response.status === 401) return 'This key is malformed, unknown, expired or revoked.';
  if (response.status === 403) return 'This key may not read logs: it needs the scope logs:read.';
  if (!response.ok) return 'The server answered ' + response.status + '. Try again later.';
  sessionStorage.setItem(KEY, key);
  document.querySelector('main').remove();
  const options = JSON.parse(document.body.dataset.options);
  const variables = new URLSearchParams(location.search).get('variables') ?? undefined;
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    ...options,
    variables,
    additionalHeaders: { Authorization: 'Bearer ' + key },
  });
  return '';
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  message.textContent = 'Checking the key …';
  message.textContent = await open(form.elements.key.value.trim());
});
const kept = sessionStorage.getItem(KEY);
if (kept !== null) open(kept).then((problem) => { message.textContent = problem; });
`;

const STYLE = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
#root { height: 100vh; }
#root:empty { height: 0; }
main { max-width: 34rem; margin: 15vh auto 0; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
label { display: block; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #767676; border-radius: 4px; }
button { margin-top: .75rem; padding: .5rem 1rem; font: inherit; border: 0; border-radius: 4px; background: #1d4ed8; color: #fff; }
output { display: block; min-height: 1.5em; color: #b42318; }
code { background: #f2f4f7; padding: .1em .3em; border-radius: 3px; }
@media (prefers-color-scheme: dark) {
  body { background: #101418; color: #e6e6e6; }
  input, code { background: #1c2228; color: inherit; }
  output { color: #ffb4a8; }
}
`;

const FILES = assetGroup(async () => {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  return [
    { name: 'graphiql.js', content: js },
    { name: 'graphiql.css', content: css },
    { name: 'graphiql-start.js', content: START },
    { name: 'graphiql-start.css', content: STYLE },
    { name: 'editor-worker.js', content: editorWorkerService },
    { name: 'json-worker.js', content: jsonWorker },
    { name: 'graphql-worker.js', content: graphqlWorker },
  ];
});

/** The GraphiQL page. It contains no data, so it needs no key; its files are loaded when it is first requested. */
export function graphiqlPage(assets: StaticAssets): () => Promise<Response> {
  assets.add(FILES);
  return async () => new Response(page((await FILES()).paths), { headers: HEADERS });
}

function page(paths: Readonly<Record<string, string>>): string {
  const workers = {
    editorWorkerService: paths['editor-worker.js'],
    json: paths['json-worker.js'],
    graphql: paths['graphql-worker.js'],
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>GraphiQL for Relaylog</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${paths['graphiql.css']}">
    <link rel="stylesheet" href="${paths['graphiql-start.css']}">
    <script defer src="${paths['graphiql.js']}"></script>
    <script defer src="${paths['graphiql-start.js']}"></script>
  </head>
  <body class="no-focus-outline" data-workers="${attribute(workers)}" data-options="${attribute(OPTIONS)}">
    <main>
      <h1>GraphiQL for Relaylog</h1>
      <form>
        <label for="key">API key</label>
        <input id="key" name="key" type="password" required autocomplete="off" placeholder="rlk_…">
        <button>Open GraphiQL</button>
        <output></output>
      </form>
      <p>An operator creates a key with <code>npx relaylog keys create --org ID</code>. The key stays in this tab.</p>
      <noscript>GraphiQL needs JavaScript.</noscript>
    </main>
    <div id="root"></div>
  </body>
</html>
`;
}

function attribute(value: unknown): string {
  return JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** What a browser sees if GraphiQL is turned off. */
export function graphiqlOff(): Response {
  return new Response(
    '<!doctype html><html lang="en"><title>Relaylog</title><p>GraphiQL is turned off on this server. Send GraphQL operations to this address by POST.</p></html>\n',
    { status: 404, headers: HEADERS },
  );
}
