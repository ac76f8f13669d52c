import { shellWord } from '../lib/shell-word.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The body of the request that executes an operation. */
export function requestBody(text: string, variables: Variables): string {
  return JSON.stringify({ query: text, variables });
}

/**
 * A command that executes an operation. It reads the key from the variable `RELAYLOG_KEY` of the shell.
 *
 * @param endpoint URL of the GraphQL API.
 */
export function curlCommand(endpoint: string, text: string, variables: Variables): string {
  return [
    `curl -s ${shellWord(endpoint)}`,
    '-H "Authorization: Bearer $RELAYLOG_KEY"',
    "-H 'Content-Type: application/json'",
    `-d ${shellWord(requestBody(text, variables))}`,
  ].join(' \\\n  ');
}
