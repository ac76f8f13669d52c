import type { GraphiQLOptions } from 'graphql-yoga';

const OPTIONS: GraphiQLOptions = {
  title: 'Relaylog',
  defaultHeaders: JSON.stringify({ 'X-API-Key': 'paste your key here' }, null, 2),
  defaultQuery: `query Latest {
  requestLogs(first: 10, filter: { outcome: CLIENT_ERROR }) {
    totalCount
    edges { node { createdAt method path statusCode durationMs } }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

let page: Promise<Buffer<ArrayBuffer>> | undefined;

/** Returns the GraphiQL page. It contains no data, so it needs no key. All responses share one buffer. */
export async function graphiqlPage(): Promise<Response> {
  page ??= renderPage();
  return new Response(await page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

/** Loads the editor (9 MB) only when the page is first requested. */
async function renderPage(): Promise<Buffer<ArrayBuffer>> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return Buffer.from(renderGraphiQL(OPTIONS));
}
