import { describe, expect, it } from 'vitest';
import { testApp } from './support/app.ts';

const ORIGIN = 'https://app.example.com';
const PATHS = ['/graphql?query={viewer{plan}}', '/v1/logs', '/v1/organization/logs'];

describe('a browser page of another origin', () => {
  const requested = async (allowed: string, origin: string, path: string) => {
    const app = await testApp({ RELAYLOG_CORS_ORIGINS: allowed });
    const authorization = `Bearer ${await app.key('acme')}`;
    const preflight = await app.request(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    const answer = await app.request(path, { headers: { origin, authorization } });
    await app.close();
    return {
      preflight,
      answer,
      allows: [preflight, answer].map(({ headers }) => headers.get('access-control-allow-origin')),
    };
  };

  it.each(PATHS)('may read nothing unless its origin is configured: %s', async (path) => {
    const { allows, answer } = await requested('', ORIGIN, path);
    expect(allows).toEqual([null, null]);
    expect(answer.status).toBe(200);
  });

  it.each(PATHS)('may read responses and rate-limit headers if its origin is allowed: %s', async (path) => {
    const { allows, preflight, answer } = await requested(
      `https://other.example.com, ${ORIGIN}`,
      ORIGIN,
      path,
    );
    expect(allows).toEqual([ORIGIN, ORIGIN]);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'Authorization,Content-Type,X-API-Key',
    );
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('vary')).toContain('Origin');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([`${ORIGIN}.evil.test`, 'http://app.example.com', 'null'])(
    'may read nothing if only a similar origin is allowed: %s',
    async (origin) => {
      expect((await requested(ORIGIN, origin, '/v1/logs')).allows).toEqual([null, null]);
    },
  );

  it('may read responses if all origins are allowed', async () => {
    expect((await requested('*', ORIGIN, '/v1/logs')).allows).toEqual(['*', '*']);
  });

  it('may never ingest', async () => {
    const app = await testApp({ RELAYLOG_CORS_ORIGINS: '*' });
    const preflight = await app.request('/ingest/v1/request-logs', {
      method: 'OPTIONS',
      headers: { origin: ORIGIN },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    await app.close();
  });

  it.each(['app.example.com', 'https://app.example.com/', 'https://app.example.com/x'])(
    'rejects the configured origin %s',
    async (origin) => {
      await expect(testApp({ RELAYLOG_CORS_ORIGINS: origin })).rejects.toThrow(
        'RELAYLOG_CORS_ORIGINS must be a list of origins',
      );
    },
  );
});
