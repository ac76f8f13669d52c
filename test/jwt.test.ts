import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'relaylog';
const NOW_S = TEST_NOW / 1000;
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, exp: NOW_S + 60, org: 'acme', scope: 'openid logs:read' };

describe('a JSON Web Token', () => {
  let server: Server;
  let app: TestApp;
  let keys: JWK[];
  let first: CryptoKey;
  let fetches = 0;
  let down = false;
  let url: string;

  const pair = async (kid: string, alg = 'ES256') => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
  };
  const open = (environment: Record<string, string> = {}) =>
    testApp({
      RELAYLOG_JWT_JWKS_URL: url,
      RELAYLOG_JWT_ISSUER: ISSUER,
      RELAYLOG_JWT_AUDIENCE: AUDIENCE,
      ...environment,
    });

  beforeAll(async () => {
    const { privateKey, jwk } = await pair('one');
    first = privateKey;
    keys = [jwk];
    server = createServer((_request, response) => {
      fetches++;
      if (down) response.writeHead(500).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    app = await open();
    await app.key('acme', [], 'pro');
    await app.insert(
      { organizationId: 'acme', requestId: 'mine' },
      { organizationId: 'globex', requestId: 'theirs' },
    );
  });
  afterAll(async () => {
    await app.close();
    server.close();
  });

  const sign = (
    claims: JWTPayload,
    key: CryptoKey | Uint8Array = first,
    header = { alg: 'ES256', kid: 'one' },
  ) => new SignJWT(claims).setProtectedHeader(header).sign(key);
  const ask = async (token: string, path = '/v1/logs', on = app) => {
    const response = await on.request(path, { headers: { authorization: `Bearer ${token}` } });
    return {
      status: response.status,
      body: (await response.json()) as { data?: unknown[]; message?: string },
    };
  };
  const graphql = async (token: string, query: string) => {
    const response = await app.request(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return {
      status: response.status,
      ...((await response.json()) as { data?: unknown; errors?: { message: string }[] }),
    };
  };

  it('grants access to the organization in its claims, with the scopes in its claims, on every API', async () => {
    const token = await sign(CLAIMS);
    expect(
      await graphql(token, '{ viewer { organizationId plan scopes } requestLogs { nodes { requestId } } }'),
    ).toEqual({
      status: 200,
      data: {
        viewer: { organizationId: 'acme', plan: 'pro', scopes: ['logs:read'] },
        requestLogs: { nodes: [{ requestId: 'req_mine' }] },
      },
    });
    expect((await ask(token)).body.data).toHaveLength(1);
    expect((await ask(token, '/v1/organization/logs')).status).toBe(403);
    const list = await sign({ ...CLAIMS, scope: ['billing:read', 7, 'nonsense'] });
    expect((await ask(list, '/v1/organization/logs')).status).toBe(200);
    expect((await ask(list)).status).toBe(403);
  });

  const without = (name: keyof typeof CLAIMS) => ({ ...CLAIMS, [name]: undefined });
  it.each<[string, JWTPayload, string]>([
    ['from another issuer', { ...CLAIMS, iss: 'https://other.test' }, 'unexpected "iss" claim value'],
    ['for another audience', { ...CLAIMS, aud: 'other' }, 'unexpected "aud" claim value'],
    ['without an audience', without('aud'), 'aud'],
    ['without an expiry', without('exp'), 'missing required "exp" claim'],
    ['that has expired', { ...CLAIMS, exp: NOW_S - 30 }, '"exp" claim timestamp check failed'],
    ['that is not yet valid', { ...CLAIMS, nbf: NOW_S + 31 }, '"nbf" claim timestamp check failed'],
    ['without an organization', without('org'), 'missing required "org" claim'],
    ['with two organizations', { ...CLAIMS, org: ['acme', 'globex'] }, 'is not the id of an organization'],
    ['with an unknown organization', { ...CLAIMS, org: 'nobody' }, 'is unknown'],
  ])('%s: 401', async (_what, claims, message) => {
    const { status, errors } = await graphql(await sign(claims), '{ viewer { plan } }');
    expect(status).toBe(401);
    expect(errors![0]!.message).toContain(message);
  });

  it('is accepted within the clock skew', async () => {
    expect((await ask(await sign({ ...CLAIMS, exp: NOW_S - 29 }))).status).toBe(200);
    expect((await ask(await sign({ ...CLAIMS, nbf: NOW_S + 30 }))).status).toBe(200);
  });

  it('is answered 401 unless it is signed with the key of its issuer and an allowed algorithm', async () => {
    const [head, body, signature] = (await sign(CLAIMS)).split('.');
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const other = await pair('one');
    const forged = {
      none: `${encoded({ alg: 'none' })}.${body}.`,
      'none, signed': `${encoded({ alg: 'none' })}.${body}.${signature}`,
      'the public key as a secret': await sign(CLAIMS, Buffer.from(JSON.stringify(keys[0])), {
        alg: 'HS256',
        kid: 'one',
      }),
      'another key with the same id': await sign(CLAIMS, other.privateKey),
      'an unknown key': await sign(CLAIMS, other.privateKey, { alg: 'ES256', kid: 'two' }),
      'a signature of another algorithm': await sign(CLAIMS, (await pair('one', 'PS256')).privateKey, {
        alg: 'PS256',
        kid: 'one',
      }),
      'other claims': `${head}.${encoded({ ...CLAIMS, org: 'globex' })}.${signature}`,
      'half a signature': `${head}.${body}.${signature!.slice(0, 40)}`,
      nonsense: 'a.b.c',
    };
    for (const [name, token] of Object.entries(forged)) {
      expect([name, (await ask(token)).status]).toEqual([name, 401]);
    }
  });

  it("is verified with the issuer's cached keys, which are refreshed for an unknown key and when they expire", async () => {
    const own = await open();
    await own.key('acme');
    const before = fetches;
    const status = async (token: string) => (await ask(token, '/v1/logs', own)).status;
    for (let i = 0; i < 5; i++) expect(await status(await sign(CLAIMS))).toBe(200);
    expect(fetches).toBe(before + 1);

    const { privateKey, jwk } = await pair('new');
    const rotated = await sign(CLAIMS, privateKey, { alg: 'ES256', kid: 'new' });
    const old = keys;
    keys = [jwk];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 29_000 });
    expect(await status(rotated)).toBe(401);
    expect(fetches).toBe(before + 1);
    vi.setSystemTime(Date.now() + 2_000);
    expect(await status(rotated)).toBe(200);
    expect(fetches).toBe(before + 2);
    keys = old;
    vi.setSystemTime(Date.now() + 598_000);
    expect(await status(rotated)).toBe(200);
    vi.setSystemTime(Date.now() + 3_000);
    expect(await status(rotated)).toBe(401);
    vi.useRealTimers();
    await own.close();
  });

  it("is answered 503 while the issuer's keys are unavailable, and API keys still work", async () => {
    const own = await open();
    const key = await own.key('acme');
    down = true;
    const response = await own.request('/v1/logs', {
      headers: { authorization: `Bearer ${await sign(CLAIMS)}` },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect((await ask(key, '/v1/logs', own)).status).toBe(200);
    down = false;
    expect((await ask(await sign(CLAIMS), '/v1/logs', own)).status).toBe(200);
    await own.close();
  });

  it('supplies organization and scopes in the configured claims', async () => {
    const own = await open({
      RELAYLOG_JWT_ORGANIZATION_CLAIM: 'https://acme.test/tenant',
      RELAYLOG_JWT_SCOPES_CLAIM: 'permissions',
    });
    await own.key('acme');
    const token = await sign({
      ...CLAIMS,
      org: 'x',
      'https://acme.test/tenant': 'acme',
      permissions: ['logs:read'],
    });
    expect((await ask(token, '/v1/logs', own)).status).toBe(200);
    await own.close();
  });

  it('is rejected unless tokens are configured', async () => {
    const own = await testApp();
    await own.key('acme');
    expect((await ask(await sign(CLAIMS), '/v1/logs', own)).status).toBe(401);
    await own.close();
  });

  it.each([
    [{ RELAYLOG_JWT_ISSUER: '' }, 'RELAYLOG_JWT_ISSUER must be set if RELAYLOG_JWT_JWKS_URL is set'],
    [{ RELAYLOG_JWT_AUDIENCE: '' }, 'RELAYLOG_JWT_AUDIENCE must be set'],
    [{ RELAYLOG_JWT_ALGORITHMS: 'HS256' }, 'RELAYLOG_JWT_ALGORITHMS must be one or more of RS256'],
    [{ RELAYLOG_JWT_ALGORITHMS: 'none' }, 'RELAYLOG_JWT_ALGORITHMS must be one or more of RS256'],
    [{ RELAYLOG_JWT_JWKS_URL: 'http://issuer.test/jwks' }, 'must be an https URL'],
  ])('rejects the configuration %j', async (environment, message) => {
    await expect(open(environment as Record<string, string>)).rejects.toThrow(message);
  });
});
