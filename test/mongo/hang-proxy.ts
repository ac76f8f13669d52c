import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server that can hang: it then accepts connections but forwards nothing. */
export interface HangingProxy {
  /** The URL of the server through the proxy. */
  readonly url: string;
  /** @param commandsOnly whether heartbeats are still forwarded. */
  hang(commandsOnly?: boolean): void;
  close(): void;
}

/** @param url `mongodb://HOST:PORT/…` */
export async function hangingProxy(url: string): Promise<HangingProxy> {
  const [, host, port] = /^mongodb:\/\/([^:/]+):(\d+)/.exec(url)!;
  const sockets = new Set<Socket>();
  let hangs = false;
  let holdsCommands = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (hangs) socket.pause();
  };
  const proxy = createServer((client) => {
    keep(client);
    if (hangs) return;
    const server = connect(Number(port), host);
    keep(server);
    client.on('data', (chunk) => {
      // Every command has a session id, except those of heartbeats and handshakes.
      if (!(holdsCommands && chunk.includes('lsid'))) server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port: own } = proxy.address() as AddressInfo;
  return {
    url: url.replace(`${host}:${port}`, `127.0.0.1:${own}`),
    hang(commandsOnly = false) {
      hangs = !commandsOnly;
      holdsCommands = commandsOnly;
      if (hangs) for (const socket of sockets) socket.pause();
    },
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
