import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../src/store/unavailable.ts';
import { type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const PLANS = JSON.stringify({ gold: { retentionDays: 7, quota: 10, quotas: { search: 5, render: 0 } } });
const QUERY = `{ viewer { organizationId usage { periodStart periodEnd quotaUsed quotaLimit quotaRemaining
  byEndpointType { endpointType used limit remaining } } } }`;

describe('viewer { usage }', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp({ RELAYLOG_PLANS: PLANS });
    await app.key('acme', undefined, 'gold');
    const at = Date.UTC(2026, 3, 2);
    const types = ['search', 'search', 'read', null];
    await app.insert(
      ...types.map((endpointType, i) => ({
        organizationId: 'acme',
        requestId: `${i}`,
        createdAt: at,
        endpointType,
        billedUnits: 3_000_000_000 * (i % 2) + 4,
      })),
    );
    // Two of them were deleted.
    expect(await app.store.deleteBefore('acme', at + 1, 2)).toBe(2);
  });
  afterAll(() => app.close());

  it('is the billing period, the quota and each endpoint type, also of deleted logs', async () => {
    const { data, errors } = await app.graphql(await app.key('acme', ['billing:read']), QUERY);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      viewer: {
        organizationId: 'acme',
        usage: {
          periodStart: '2026-04-01T00:00:00.000Z',
          periodEnd: '2026-05-01T00:00:00.000Z',
          quotaUsed: 6_000_000_016,
          quotaLimit: 10,
          quotaRemaining: 0,
          byEndpointType: [
            { endpointType: 'read', used: 4, limit: null, remaining: null },
            { endpointType: 'render', used: 0, limit: 0, remaining: 0 },
            { endpointType: 'search', used: 3_000_000_008, limit: 5, remaining: 0 },
            { endpointType: null, used: 3_000_000_004, limit: null, remaining: null },
          ],
        },
      },
    });
  });

  it('says the same as the Signa shim', async () => {
    const key = await app.key('acme', ['billing:read']);
    const { data } = await app.graphql<{
      viewer: {
        usage: {
          quotaUsed: number;
          byEndpointType: { endpointType: string | null; used: number; limit: number | null }[];
        };
      };
    }>(key, QUERY);
    const get = async (path: string) =>
      (await app.request(path, { headers: { authorization: `Bearer ${key}` } })).json();
    const { by_endpoint_type } = await get('/v1/organization/usage');
    const { quotaUsed, byEndpointType } = data.viewer.usage;
    const named = byEndpointType.filter(({ endpointType }) => endpointType !== null);
    expect(by_endpoint_type).toEqual(
      Object.fromEntries(named.map(({ endpointType, used, limit }) => [endpointType, { used, limit }])),
    );
    const { billing_period } = await get(
      '/v1/organization/usage/summary?start_date=2026-04-18&end_date=2026-04-18',
    );
    expect(billing_period).toMatchObject({ quota_used: quotaUsed, quota_limit: 10, quota_remaining: 0 });
  });

  it('requires billing:read; the fields around it are answered without', async () => {
    const { status, data, errors } = await app.graphql(await app.key('acme', ['logs:read']), QUERY);
    expect(status).toBe(200);
    expect(data).toEqual({ viewer: { organizationId: 'acme', usage: null } });
    expect(errors).toMatchObject([{ path: ['viewer', 'usage'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('fails alone', async () => {
    const broken = await testApp({}, (store) =>
      wrapStore(store, () => {}, { usage: () => Promise.reject(unavailable('the disk is full')) }),
    );
    const { data, errors } = await broken.graphql(await broken.key('acme'), QUERY);
    expect(data).toEqual({ viewer: { organizationId: 'acme', usage: null } });
    expect(errors).toMatchObject([{ path: ['viewer', 'usage'], extensions: { code: 'UNAVAILABLE' } }]);
    await broken.close();
  });

  it('costs as much as a count, once', async () => {
    const key = await app.key('acme');
    const cost = async (fields: string) => {
      const { data } = await app.graphql<{ viewer: { limits: { queryCost: number } } }>(
        key,
        `{ viewer { limits { queryCost } ${fields} } }`,
      );
      return data.viewer.limits.queryCost;
    };
    // With `viewer`, `limits` and `queryCost`.
    expect(await cost('usage { quotaUsed }')).toBe(3 + 51);
    expect(await cost('usage { quotaUsed byEndpointType { used limit } }')).toBe(3 + 54);
  });
});
