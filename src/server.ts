import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Gateway } from './gateway.ts';
import { CONNECT_REFUSED, refuseClientError, refuseConnection } from './http/refuse-connection.ts';
import { serverUrl } from './lib/server-url.ts';
import { SECOND_MS } from './lib/time-units.ts';

export interface RunningServer {
  /** The IP address that the server is bound to. */
  readonly address: string;
  /** `http://host:port` */
  readonly url: string;
  /**
   * Stops gracefully: accepts no new connections, ends streams, finishes requests in flight, then closes the gateway. Takes
   * at most RELAYLOG_DRAIN_TIMEOUT_SECONDS plus 5 seconds.
   *
   * @throws Error if the store did not close in that time.
   */
  stop(): Promise<void>;
}

/** How long the store may take to close after the requests were drained, in milliseconds. */
export const CLOSE_MS = 5_000;
/** How often idle connections are closed while the server stops, in milliseconds. */
const SWEEP_MS = 50;

/**
 * Listens on the configured address.
 *
 * @throws Error if the port is in use; the gateway is then closed.
 */
export async function startServer(gateway: Gateway): Promise<RunningServer> {
  const { config } = gateway;
  const { promise: listening, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const requestMs = config.RELAYLOG_REQUEST_TIMEOUT_SECONDS * SECOND_MS;
  const server = createServer(
    {
      headersTimeout: requestMs / 3,
      requestTimeout: requestMs,
      keepAliveTimeout: requestMs,
      connectionsCheckingInterval: 500,
    },
    gateway.listener,
  );
  server.on('clientError', refuseClientError);
  server.on('connect', (_request, socket) => refuseConnection(CONNECT_REFUSED, socket as Socket));
  server.maxConnections = config.RELAYLOG_MAX_CONNECTIONS;
  server.listen(config.PORT, config.HOST, () => resolve(server.address() as AddressInfo));
  server.once('error', reject);
  const { address, port } = await listening.catch(async (error) => {
    await gateway.close();
    throw error;
  });
  return {
    address,
    url: serverUrl(config.HOST, port),
    async stop() {
      const drainMs = config.RELAYLOG_DRAIN_TIMEOUT_SECONDS * SECOND_MS;
      const closed = new Promise((done) => server.close(done));
      gateway.endStreams();
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const late = setTimeout(() => server.closeAllConnections(), drainMs);
      const tooLate = AbortSignal.timeout(drainMs + CLOSE_MS);
      await Promise.race([
        closed.then(connectionsClosed).then(() => gateway.close()),
        once(tooLate, 'abort').then(() => {
          throw new Error('The store did not close in time. No acknowledged log is lost.');
        }),
      ]);
      clearInterval(sweep);
      clearTimeout(late);
    },
  };
}

/**
 * Waits until the last connections have emitted `close`. They emit it at the end of the event loop turn, after the
 * server itself has closed; an aborted stream writes its log line then.
 */
async function connectionsClosed(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
