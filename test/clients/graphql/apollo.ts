import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';

/** @param url of `/graphql`. @param fetch counts the requests in the test; default: the global one. */
export function apolloClient(url: string, key: string, fetch?: typeof globalThis.fetch) {
  return new ApolloClient({
    link: ApolloLink.from([
      new PersistedQueryLink({
        sha256: (query) => createHash('sha256').update(query).digest('hex'),
        useGETForHashedQueries: true,
      }),
      new HttpLink({ uri: url, headers: { 'X-API-Key': key }, fetch }),
    ]),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['RequestLog', 'Viewer'] },
      typePolicies: { Query: { fields: { requestLogs: relayStylePagination(['filter', 'sort']) } } },
    }),
  });
}
