import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { relaylog, workFolder } from '../support/cli.ts';

const ready = (environment: Record<string, string>) =>
  relaylog(['ready'], { folder: workFolder(), environment });

it('relaylog ready ends with 1 and the reason of a server that is not ready', async () => {
  const server = createServer((_, response) => {
    response.writeHead(503).end('The log store is unavailable: it is away.\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await ready({ PORT: String(port) })).toEqual({
    status: 1,
    out: '',
    err: `relaylog: http://127.0.0.1:${port}/readyz answers 503: The log store is unavailable: it is away.\n`,
  });
  server.close();
});

it('relaylog ready reaches a server that listens on all IPv6 addresses', async () => {
  const { err } = await ready({ PORT: '1', HOST: '::' });
  expect(err).toContain('http://[::1]:1/readyz does not answer');
});

it('relaylog ready wants to know the port', async () => {
  expect(await ready({ PORT: '0' })).toMatchObject({ status: 1, err: expect.stringContaining('set PORT') });
});
