import { afterEach, expect, it } from 'vitest';
import { type TestApp, testApp } from './support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const LIMIT = { RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: '1' };
const BURST = 10;

/** Sends a wrong key. Returns the status. */
async function wrongKey(i: number, peer: string, headers: Record<string, string>): Promise<number> {
  const key = `rlk_${String(i).padStart(43, '0')}`;
  return (await app.request('/v1/logs', { headers: { 'x-api-key': key, ...headers } }, peer)).status;
}

async function exhaust(peer: string, headersOf: (i: number) => Record<string, string>): Promise<number> {
  let status = 401;
  for (let i = 0; i < 2 * BURST && status === 401; i++) status = await wrongKey(i, peer, headersOf(i));
  return status;
}

it('behind a trusted proxy, rejected credentials are counted per client', async () => {
  app = await testApp({ ...LIMIT, RELAYLOG_TRUSTED_PROXIES: '10.0.0.0/8' });
  expect(await exhaust('10.0.0.1', () => ({ 'x-forwarded-for': '203.0.113.7' }))).toBe(429);
  expect(await wrongKey(1, '10.0.0.1', { 'x-forwarded-for': '203.0.113.8' })).toBe(401);
});

it('a client cannot change its address by sending the header itself', async () => {
  app = await testApp({ ...LIMIT, RELAYLOG_TRUSTED_PROXIES: '10.0.0.0/8' });
  const claimed = (i: number) => ({
    'x-forwarded-for': `198.51.100.${i}, 203.0.113.7`,
    forwarded: `for=198.51.100.${i}`,
  });
  expect(await exhaust('10.0.0.1', claimed)).toBe(429);
  expect(await exhaust('203.0.113.9', (i) => ({ 'x-forwarded-for': `198.51.100.${i}` }))).toBe(429);
});

it('without trusted proxies, no header is read', async () => {
  app = await testApp(LIMIT);
  expect(await exhaust('10.0.0.1', (i) => ({ 'x-forwarded-for': `198.51.100.${i}` }))).toBe(429);
});

it.each([
  ['RELAYLOG_TRUSTED_PROXIES', 'proxy.example.com', 'IP addresses or networks'],
  ['RELAYLOG_TRUSTED_PROXIES', '10.0.0.0/40', 'IP addresses or networks'],
  ['RELAYLOG_FORWARDED_HEADER', 'via', 'x-forwarded-for or forwarded'],
])('rejects %s=%s', async (name, value, accepted) => {
  app = await testApp();
  await expect(testApp({ [name]: value })).rejects.toThrow(accepted);
});
