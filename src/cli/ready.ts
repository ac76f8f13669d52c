import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import { serverUrl } from '../lib/server-url.ts';

/** A server whose store is away answers within 4 seconds. */
const TIMEOUT_MS = 8_000;

/** The address to reach a server at that listens on all of its addresses. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `relaylog ready` */
export function readyCommand(): Command {
  return new Command('ready')
    .description(
      'ask the server that runs with the same PORT and HOST whether it is ready; ends with 1 if it is not',
    )
    .action(async () => {
      const { HOST, PORT } = loadConfig(process.env);
      if (PORT === 0) throw new Error('PORT is 0, so the port of the server is not known; set PORT');
      const url = `${serverUrl(REACHED_AT[HOST] ?? HOST, PORT)}/readyz`;
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => {
        throw new Error(`${url} does not answer: ${reasonOf(error)}`);
      });
      const text = (await response.text()).trim();
      if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
      console.log(text);
    });
}

function reasonOf(error: Error & { cause?: { code?: string } }): string {
  return error.cause?.code ?? error.message;
}
