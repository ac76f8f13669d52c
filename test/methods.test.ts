import { once } from 'node:events';
import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../src/endpoints.ts';
import { type Serving, serving, workFolder } from './support/cli.ts';

/** Paths of every endpoint, and two of none. */
const PATHS = [
  ...new Set(ENDPOINTS.map(({ path }) => path.replace(/\{\w+\}/g, 'x').replace('*', 'a/b'))),
  '/graphql?query=%7Bviewer%7Bplan%7D%7D',
  '/',
  '/nothing',
];

/** The methods that an endpoint at exactly this path takes; null if there is no such endpoint. */
function methodsOf(path: string): string[] | null {
  const pathname = path.split('?')[0]!;
  const own = ENDPOINTS.filter(
    ({ path: declared }) => declared.replace(/\{\w+\}/g, 'x').replace('*', 'a/b') === pathname,
  );
  if (own.length === 0 || own.some(({ methods }) => methods === 'ALL')) return null;
  const taken = [...new Set(own.flatMap(({ methods }) => [...methods]))];
  return taken.includes('GET') ? [...taken, 'HEAD'] : taken;
}

describe('every method on every path', () => {
  let server: Serving;
  let key: string;
  beforeAll(async () => {
    server = await serving({
      folder: workFolder(),
      environment: { RELAYLOG_SCRIP_BURST: '10000', RELAYLOG_SIGNA_PER_MINUTE: '10000' },
    });
    key = /rlk_[\w-]{43}/.exec(server.out)![0];
  });
  afterAll(async () => {
    const { err } = await server.stop();
    for (const line of err.split('\n').filter((text) => text !== ''))
      expect(() => JSON.parse(line), line).not.toThrow();
  });

  const send = async (lines: readonly string[], body = '') => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.setEncoding('utf8');
    socket.write([...lines, 'Host: x', 'Connection: close', '', body].join('\r\n'));
    let answer = '';
    socket.on('data', (text: string) => {
      answer += text;
    });
    await once(socket, 'close');
    const [head = '', content = ''] = answer.split('\r\n\r\n', 2);
    const headers = new Headers(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(': ') as [string, string]),
    );
    return { status: Number(head.split(' ')[1]), headers, content };
  };
  const ask = (method: string, path: string) =>
    send([`${method} ${path} HTTP/1.1`, `Authorization: Bearer ${key}`, 'Content-Length: 0']);

  it.each(PATHS)('%s is answered without a 5xx', async (path) => {
    const taken = methodsOf(path);
    for (const method of METHODS) {
      const { status, headers, content } = await ask(method, path);
      const what = `${method} ${path}`;
      if (method === 'CONNECT' || (taken !== null && !taken.includes(method))) {
        expect([what, status]).toEqual([what, 405]);
        if (method === 'CONNECT') continue;
        expect([what, headers.get('allow')?.split(', ').sort()]).toEqual([what, taken!.sort()]);
        if (method !== 'HEAD') expect(() => JSON.parse(content), what).not.toThrow();
      } else expect([what, status >= 200 && status < 500 && status !== 405]).toEqual([what, true]);
      if (method === 'HEAD') {
        expect([what, content]).toEqual([what, '']);
        expect([what, status]).toEqual([what, (await ask('GET', path)).status]);
      }
    }
  });

  it.each([
    [['Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked'], 400],
    [['Transfer-Encoding: gzip, chunked'], 400],
    [['Transfer-Encoding: gzip'], 400],
    [['Transfer-Encoding: chunked', 'Content-Length: 5'], 400],
    [['Transfer-Encoding: Chunked'], 200],
  ])('%j is answered with %d', async (codings, status) => {
    const body = '{"query":"{ viewer { plan } }"}';
    const answered = await send(
      [
        'POST /graphql HTTP/1.1',
        `Authorization: Bearer ${key}`,
        'Content-Type: application/json',
        ...codings,
      ],
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(answered.status).toBe(status);
  });
});
