import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';

/** @param url address of `/graphql`. */
export function apolloClient(url: string, key: string) {
  return new ApolloClient({
    link: ApolloLink.from([
      new PersistedQueryLink({ sha256, useGETForHashedQueries: true }),
      new HttpLink({ uri: url, headers: { 'X-API-Key': key } }),
    ]),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['RequestLog', 'Viewer'] },
      typePolicies: {
        Query: { fields: { requestLogs: relayStylePagination(['filter', 'sort']) } },
        // Objects without an id: what two queries select of them is merged.
        RequestLogMeasures: { merge: true },
        DurationStats: { merge: true },
        RequestLogGroups: { merge: true },
      },
    }),
  });
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
