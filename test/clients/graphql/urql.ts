import { readFileSync } from 'node:fs';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { persistedExchange } from '@urql/exchange-persisted';
import { buildSchema, introspectionFromSchema } from 'graphql';

/** `schema.graphql` as introspection returns it: without it, Graphcache drops a whole result in which one field failed. */
const text = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
const schema = introspectionFromSchema(buildSchema(text));

/** @param url of `/graphql`. @param fetch counts the requests in the test; default: the global one. */
export function urqlClient(url: string, key: string, fetch?: typeof globalThis.fetch) {
  return new Client({
    url,
    fetch,
    fetchOptions: { headers: { 'X-API-Key': key } },
    exchanges: [
      cacheExchange({
        schema,
        resolvers: { Query: { requestLogs: relayPagination() } },
        // Objects without an id belong to the object that contains them.
        keys: { ViewerLimits: () => null, RateLimit: () => null },
      }),
      persistedExchange({ preferGetForPersistedQueries: true }),
      fetchExchange,
    ],
    preferGetMethod: false,
  });
}
