import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { persistedExchange } from '@urql/exchange-persisted';
import type { IntrospectionQuery } from 'graphql';

/**
 * @param url address of `/graphql`.
 * @param schema the result of introspection. Without it, the cache drops a whole result in which one field failed.
 */
export function urqlClient(url: string, key: string, schema: IntrospectionQuery) {
  return new Client({
    url,
    fetchOptions: { headers: { 'X-API-Key': key } },
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema,
        resolvers: { Query: { requestLogs: relayPagination() } },
        // Objects without an id belong to the object that contains them.
        keys: {
          ViewerLimits: () => null,
          RateLimit: () => null,
          RequestLogMeasures: () => null,
          DurationStats: () => null,
          RequestLogGroups: () => null,
          RequestLogGroupKey: () => null,
        },
      }),
      persistedExchange({ preferGetForPersistedQueries: true }),
      fetchExchange,
    ],
  });
}
