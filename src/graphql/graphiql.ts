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

let made: Promise<Buffer<ArrayBuffer>> | undefined;

/** The GraphiQL page, which holds no data and needs no key. All who read it at once share its bytes. */
export async function graphiqlPage(): Promise<Response> {
  made ??= make();
  return new Response(await made, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

/** Nine megabytes of editor, loaded for who opens it. */
async function make(): Promise<Buffer<ArrayBuffer>> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return Buffer.from(renderGraphiQL(OPTIONS));
}
