import type { Variables } from 'relay-runtime';

/** Servers and proxies refuse longer addresses. */
const LONGEST = 7_000;

/** The address of GraphiQL with an operation in it. Null if it would be too long. */
export function graphiqlLink(text: string, variables: Variables): string | null {
  const parameters = new URLSearchParams({ query: text, variables: JSON.stringify(variables, null, 2) });
  const link = `/graphql?${parameters}`;
  return link.length > LONGEST ? null : link;
}
