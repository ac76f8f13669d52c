import { Environment, Network, RecordSource, Store } from 'relay-runtime';

/** @param url address of `/graphql`. */
export function relayEnvironment(url: string, key: string) {
  return new Environment({
    network: Network.create(async ({ text: query }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    }),
    store: new Store(new RecordSource()),
  });
}
