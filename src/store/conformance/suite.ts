import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../log/filter.ts';
import type { LogQuery, LogScope } from '../../log/query.ts';
import { LOG_FIELD_NAMES, type RequestLog } from '../../log/request-log.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../log/sort.ts';
import { type BucketState, drawn } from '../bucket.ts';
import type { ApiKey, Store } from '../store.ts';
import { anyDraws, DRAWS_START } from './draws.ts';
import { expectedCount, expectedPage } from './oracle.ts';
import { anyFilter, anyLogs, recorded, SAMPLE_TIME, sampleLog } from './samples.ts';

/** Every call of a store, held against the oracle; run over each store alike. */
export function describeStore(name: string, open: () => Promise<Store>, runs = 200): void {
  const scope = (organizationId: string, visibleFrom: number | null = null): LogScope => ({
    organizationId,
    visibleFrom,
  });

  describe(name, () => {
    let store: Store;
    let tenant = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    /** The logs under organizations of their own, so that one test's rows are not another's. */
    const insert = async (logs: readonly RequestLog[]) => {
      const suffix = `-${++tenant}`;
      const own = logs.map(({ id, ...log }) =>
        sampleLog({ ...log, organizationId: log.organizationId + suffix }),
      );
      if (own.length > 0) await store.insert(own.map(recorded));
      return { own, acme: `acme${suffix}` };
    };

    it('answers any filter, sort, direction, window and page as the oracle does', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyLogs,
          fc.array(anyQuery, { minLength: 1, maxLength: 12 }),
          async (logs, queries) => {
            const { own, acme } = await insert(logs);
            for (const { after, before, filter, visibleFrom, ...rest } of queries) {
              const edge = (pick: number | null, inclusive: boolean) =>
                pick === null || own.length === 0
                  ? undefined
                  : { ...positionOf(own[pick % own.length]!, rest.sort), inclusive };
              const query: LogQuery = {
                ...rest,
                filter,
                scope: scope(acme, visibleFrom),
                after: edge(after, rest.limit % 2 === 0),
                before: edge(before, rest.limit % 3 === 0),
              };
              const read = readOf(query);
              expect((await store.find(query)).map(read)).toEqual(expectedPage(own, query).map(read));
              const total = expectedCount(own, query.scope, filter);
              expect(await store.count(query.scope, filter, null)).toEqual({ count: total, exact: true });
              expect(await store.count(query.scope, filter, 3)).toEqual({
                count: Math.min(total, 3),
                exact: total <= 3,
              });
            }
          },
        ),
        { numRuns: runs },
      );
    });

    describe.each(SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => ({ sort, direction }))))(
      'a walk by $sort $direction',
      ({ sort, direction }) => {
        const many = Array.from({ length: 120 }, (_, i) =>
          sampleLog({
            requestId: `walk${i}`,
            createdAt: SAMPLE_TIME + (i % 7),
            statusCode: 200 + (i % 3),
            durationMs: i % 4 === 0 ? null : i % 5,
          }),
        );

        it.each([1, 7, 50])('meets every row once, %i a page, while rows arrive', async (limit) => {
          const { own, acme } = await insert(many);
          const base = { scope: scope(acme), filter: EVERYTHING, sort, direction, limit };
          const seen: RequestLog[] = [];
          for (;;) {
            const last = seen.at(-1);
            const page = await store.find({
              ...base,
              after: last === undefined ? undefined : positionOf(last, sort),
            });
            seen.push(...page);
            if (page.length < limit) break;
            const late = sampleLog({
              organizationId: acme,
              requestId: `late${seen.length}`,
              createdAt: SAMPLE_TIME + 3,
            });
            await store.insert([recorded(late)]);
          }
          const walked = seen.filter((log) => !log.requestId.startsWith('late'));
          expect(walked).toEqual(expectedPage(own, { ...base, limit: own.length }));
          expect(new Set(seen.map((log) => log.id)).size).toBe(seen.length);
        });
      },
    );

    it('keeps a request id once in its organization, however often it is sent', async () => {
      const first = sampleLog({ organizationId: 'dup', requestId: 'x' });
      const second = sampleLog({ organizationId: 'dup', requestId: 'y' });
      expect(await store.insert([recorded(first)])).toEqual({ stored: 1, duplicates: 0 });
      expect(await store.insert([first, second, second].map(recorded))).toEqual({ stored: 1, duplicates: 2 });
      const other = sampleLog({ organizationId: 'dup-2', requestId: 'x' });
      expect(await store.insert([recorded(other)])).toEqual({ stored: 1, duplicates: 0 });
      const changed = sampleLog({
        organizationId: 'dup',
        requestId: 'x',
        statusCode: 500,
        createdAt: SAMPLE_TIME + 5,
      });
      expect(await store.insert([recorded(changed)])).toEqual({ stored: 0, duplicates: 1 });
      expect(await store.findByRequestId(scope('dup'), 'x')).toEqual(first);
    });

    it('finds logs by id and request id, in their scope only', async () => {
      const log = sampleLog({ organizationId: 'ids', requestId: 'x' });
      const later = sampleLog({ organizationId: 'ids', requestId: 'y', createdAt: SAMPLE_TIME + 1 });
      await store.insert([log, later].map(recorded));
      const unknown = sampleLog({ requestId: 'nobody' }).id;
      expect(await store.findByIds(scope('ids'), [later.id, unknown, log.id])).toEqual([later, null, log]);
      expect(await store.findByIds(scope('elsewhere'), [log.id])).toEqual([null]);
      expect(await store.findByIds(scope('ids', SAMPLE_TIME + 1), [log.id, later.id])).toEqual([null, later]);
      expect(await store.findByRequestId(scope('ids'), 'y')).toEqual(later);
      expect(await store.findByRequestId(scope('elsewhere'), 'y')).toBeNull();
      expect(await store.findByRequestId(scope('ids', SAMPLE_TIME + 1), 'x')).toBeNull();
    });

    it('keeps payloads apart, as they were, in their scope only', async () => {
      const log = sampleLog({ organizationId: 'pay', requestId: 'x' });
      const payload = {
        requestHeaders: { accept: '*/*' },
        requestBody: { a: [1, null, { b: 'é𝒳' }], ['__proto__']: 1 },
        responseHeaders: null,
        responseBody: 'text',
      };
      const bare = sampleLog({ organizationId: 'pay', requestId: 'y' });
      await store.insert([{ log, payload }, recorded(bare)]);
      expect(await store.payloads(scope('pay'), [bare.id, log.id])).toEqual([null, payload]);
      expect(await store.payloads(scope('elsewhere'), [log.id])).toEqual([null]);
      expect(await store.payloads(scope('pay', SAMPLE_TIME + 1), [log.id])).toEqual([null]);
    });

    it('keeps organizations, their plans and their keys', async () => {
      const acme = { id: 'org-a', plan: 'free', createdAt: 1 };
      expect(await store.createOrganization(acme)).toBe(true);
      expect(await store.createOrganization({ ...acme, plan: 'pro' })).toBe(false);
      expect(await store.findOrganization('org-a')).toEqual(acme);
      expect(await store.findOrganization('org-z')).toBeNull();
      expect(await store.setPlan('org-a', 'pro')).toBe(true);
      expect(await store.setPlan('org-z', 'pro')).toBe(false);
      expect((await store.listOrganizations()).filter(({ id }) => id === 'org-a')).toEqual([
        { ...acme, plan: 'pro' },
      ]);

      const key = (id: string, createdAt: number): ApiKey => ({
        ...ANY_KEY,
        id,
        hash: `hash of ${id}`,
        createdAt,
        expiresAt: createdAt === 2 ? 7 : null,
      });
      await store.createKey(key('key_2', 2));
      await store.createKey(key('key_1', 1));
      expect(await store.listKeys('org-a')).toEqual([key('key_1', 1), key('key_2', 2)]);
      const owner = { key: key('key_1', 1), organization: { ...acme, plan: 'pro' } };
      expect(await store.findKeyOwner('hash of key_1')).toEqual(owner);
      expect(await store.findKeyOwner('hash of nobody')).toBeNull();
      await store.noteKeyUse('key_1', 5);
      await store.noteKeyUse('key_1', 4);
      await store.noteKeyUse('key_z', 5);
      const used = { ...key('key_1', 1), lastUsedAt: 5 };
      expect(await store.listKeys('org-a')).toContainEqual(used);
      expect(await store.revokeKey('key_1', 9)).toBe(true);
      expect(await store.revokeKey('key_1', 10)).toBe(true);
      expect(await store.revokeKey('key_z', 10)).toBe(false);
      await store.settled();
      expect(await store.findKeyOwner('hash of key_1')).toBeNull();
      expect((await store.listKeys('org-a'))[0]).toEqual({ ...used, revokedAt: 9 });
    });

    it('who holds a key, and by which plan, is true at once for another process that has used it', async () => {
      const other = await open();
      const organization = { id: 'org-shared', plan: 'free', createdAt: 5 };
      const key: ApiKey = { ...ANY_KEY, id: 'key_shared', organizationId: 'org-shared', hash: 'shared' };
      await store.createOrganization(organization);
      await store.createKey(key);
      for (const one of [store, other])
        expect(await one.findKeyOwner('shared')).toEqual({ key, organization });
      await store.setPlan('org-shared', 'pro');
      await store.settled();
      for (const one of [store, other])
        expect((await one.findKeyOwner('shared'))?.organization.plan).toBe('pro');
      await other.revokeKey('key_shared', 9);
      await other.settled();
      for (const one of [store, other]) expect(await one.findKeyOwner('shared')).toBeNull();
      await other.close();
    });

    it('deletes the oldest logs of one organization from before a time, with their payloads', async () => {
      const payload = { requestHeaders: null, requestBody: 'x', responseHeaders: null, responseBody: null };
      const logs = Array.from({ length: 7 }, (_, i) =>
        sampleLog({ organizationId: 'old', requestId: `o${i}`, createdAt: SAMPLE_TIME + i }),
      );
      const other = sampleLog({ organizationId: 'old-2', requestId: 'o0' });
      await store.insert([...logs, other].map((log) => ({ log, payload })));
      const left = async () => {
        const ids = logs.map(({ id }) => id);
        const found = await store.findByIds(scope('old'), ids);
        const payloads = await store.payloads(scope('old'), ids);
        expect(payloads).toEqual(found.map((log) => log && payload));
        return found.flatMap((log) => (log === null ? [] : [log.createdAt - SAMPLE_TIME]));
      };
      expect(await store.deleteBefore('old', SAMPLE_TIME, 10)).toBe(0);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 2)).toBe(2);
      expect(await left()).toEqual([2, 3, 4, 5, 6]);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 10)).toBe(3);
      expect(await left()).toEqual([5, 6]);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 10)).toBe(0);
      expect(await store.deleteBefore('nobody', SAMPLE_TIME + 5, 10)).toBe(0);
      expect(await store.findByIds(scope('old-2'), [other.id])).toEqual([other]);
      expect(await store.payloads(scope('old-2'), [other.id])).toEqual([payload]);
      expect(await store.insert([recorded(logs[0]!)])).toEqual({ stored: 1, duplicates: 0 });
    });

    it('gives a lease to one holder at a time', async () => {
      expect(await store.lease('work', 'a', 100, 10)).toBe(true);
      expect(await store.lease('work', 'b', 200, 99)).toBe(false);
      expect(await store.lease('work', 'a', 150, 99)).toBe(true);
      expect(await store.lease('work', 'b', 200, 149)).toBe(false);
      expect(await store.lease('other', 'b', 200, 149)).toBe(true);
      expect(await store.lease('work', 'b', 200, 150)).toBe(true);
      expect(await store.lease('work', 'a', 300, 199)).toBe(false);
      expect(await store.lease('work', 'b', 160, 160)).toBe(true);
      expect(await store.lease('work', 'a', 300, 160)).toBe(true);
      const many = Array.from({ length: 20 }, (_, i) => store.lease('contended', `holder ${i}`, 100, 10));
      expect((await Promise.all(many)).filter((got) => got)).toHaveLength(1);
    });

    it('draws from buckets by the one rule', async () => {
      let bucket = 0;
      await fc.assert(
        fc.asyncProperty(anyDraws, async (draws) => {
          const name = `any-${++bucket}`;
          let state: BucketState | undefined;
          for (const draw of draws) {
            const expected = drawn(state, draw);
            const { granted, state: after } = await store.draw(name, draw);
            state = expected.state;
            expect({ granted, ...after, used: 0 }).toEqual({
              ...state,
              granted: expected.granted,
              used: 0,
            });
            expect(after.used).toBeCloseTo(state.used, 6);
          }
        }),
        { numRuns: runs / 4 },
      );
    });

    it('draws in one step, however many draw at once', async () => {
      const draw = { capacity: 20, fillMs: 1_000, cost: 1, now: DRAWS_START, ...MODEST };
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, i) => store.draw(`contended-${i % 2}`, draw)),
      );
      const granted = (odd: number) => all.filter((one, i) => one.granted && i % 2 === odd).length;
      expect([granted(0), granted(1)]).toEqual([20, 20]);
    });

    it('has a secret of its own that stays', async () => {
      const secret = await store.secret();
      expect(secret.length).toBe(32);
      expect(await store.secret()).toEqual(secret);
      await store.ping();
    });

    it("takes over another store's secret", async () => {
      const other = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
      await store.setSecret(other);
      expect(await store.secret()).toEqual(other);
    });
  });
}

const ANY_KEY: ApiKey = {
  id: 'key_1',
  organizationId: 'org-a',
  prefix: 'rl_abc',
  hash: 'hash of key_1',
  scopes: ['logs:read', 'logs:write'],
  createdAt: 1,
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};

const MODEST = { modest: true, starving: false } as const;

/** Of a log, what the query asks to be read. */
function readOf({ fields, sort }: LogQuery) {
  const names = ['id', 'organizationId', 'createdAt', sort, ...(fields ?? LOG_FIELD_NAMES)] as const;
  return (log: RequestLog) => Object.fromEntries(names.map((name) => [name, log[name]]));
}

const anyQuery = fc.record({
  filter: anyFilter,
  sort: fc.constantFrom(...SORT_FIELDS),
  direction: fc.constantFrom(...DIRECTIONS),
  limit: fc.integer({ min: 1, max: 70 }),
  fields: fc.option(fc.subarray([...LOG_FIELD_NAMES]), { nil: undefined, freq: 2 }),
  visibleFrom: fc.constantFrom(null, null, SAMPLE_TIME + 1, SAMPLE_TIME + 2),
  after: fc.option(fc.nat(), { freq: 2 }),
  before: fc.option(fc.nat(), { freq: 5 }),
});
