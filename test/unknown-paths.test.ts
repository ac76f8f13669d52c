import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './support/app.ts';

describe("unknown paths below a vendor's paths are answered in the vendor's error format", () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  const send = async (method: string, path: string, token = key) => {
    const response = await app.request(path, { method, headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  };

  it.each([
    ['GET', '/v1/logs/'],
    ['GET', '/v1/logs/a/b'],
    ['DELETE', '/v1/logs/a/b'],
  ])('Scrip: %s %s', async (method, path) => {
    const body = { code: 'not_found', message: 'no such log' };
    expect(await send(method, path)).toEqual({ status: 404, body });
    expect((await send(method, path, 'wrong')).status).toBe(401);
  });

  it.each([
    ['GET', '/v1/organization/logs/'],
    ['GET', '/v1/organization/logs/a/b'],
    ['POST', '/v1/organization/logs/a/b'],
  ])('Signa: %s %s', async (method, path) => {
    expect(await send(method, path)).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found', instance: path }, request_id: expect.any(String) },
    });
    expect((await send(method, path, 'wrong')).status).toBe(401);
  });

  it("answers a method that a vendor's path does not accept with 405 in the vendor's error format", async () => {
    expect(await send('POST', '/v1/logs')).toEqual({
      status: 405,
      body: { code: 'method_not_allowed', message: '/v1/logs does not accept POST, only GET, HEAD.' },
    });
    expect(await send('DELETE', '/v1/organization/logs')).toMatchObject({
      status: 405,
      body: { error: { type: 'method_not_allowed', status: 405 } },
    });
  });
});
