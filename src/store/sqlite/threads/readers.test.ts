import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recorded, sampleLog } from '../../../../test/store/samples.ts';
import type { RelaylogError } from '../../../log/errors.ts';
import type { Filter } from '../../../log/filter.ts';
import { READ_MS } from '../../read-budget.ts';
import { SqliteStore } from '../store.ts';
import { Readers } from './readers.ts';

const LOGS = 20_000;
/** Matches no log, with so many conditions that a search takes seconds. */
const SLOW: Filter = {
  op: 'or',
  filters: Array.from({ length: 900 }, (_, i) => ({ op: 'contains', field: 'path', value: `nowhere${i}` })),
};
const MATCH_ALL: Filter = { op: 'and', filters: [] };
const scopeOf = (organizationId: string) => ({ organizationId, visibleFrom: null });

describe('searches in reader threads', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const store = new SqliteStore({ file });
  beforeAll(async () => {
    const logs = Array.from({ length: LOGS }, (_, i) =>
      recorded(sampleLog({ organizationId: 'slow', requestId: `r${i}` })),
    );
    await store.insert([...logs, recorded(sampleLog({ organizationId: 'quick', requestId: 'one' }))]);
  });
  afterAll(() => store.close());
  const count = (of: string, filter: Filter, signal?: AbortSignal) =>
    store.count(scopeOf(of), filter, null, { signal });
  const slowest = (of: string, filter: Filter, signal?: AbortSignal) =>
    store.find({ scope: scopeOf(of), filter, sort: 'durationMs', direction: 'desc', limit: 10 }, { signal });
  /** The names of the calls in the order in which they settle. */
  const order = async (calls: Record<string, Promise<unknown>>) => {
    const ended: string[] = [];
    const all = Object.entries(calls).map(([name, call]) =>
      call.then(
        () => ended.push(name),
        ({ code }) => ended.push(`${name}: ${code}`),
      ),
    );
    await Promise.all(all);
    return ended;
  };

  it('a search empties a large -wal file', async () => {
    const readers = new Readers({ file, busyMs: 0, cacheKib: 1024, maxWalBytes: 1024 }, READ_MS);
    const walBytes = () => statSync(`${file}-wal`).size;
    expect(walBytes()).toBeGreaterThan(1024);
    const counted = await readers.call('quick', {}, 'count', scopeOf('quick'), MATCH_ALL, null);
    expect([counted, walBytes()]).toEqual([{ count: 1, exact: true }, 0]);
    await readers.close();
  });

  it('searches and counts fail at their time limit, and the error suggests how to narrow the query', async () => {
    const hurried = new SqliteStore({ file, readMs: 100 });
    const scope = scopeOf('slow');
    for (const call of [
      () => hurried.count(scope, SLOW, null),
      () => hurried.count(scope, SLOW, 10),
      () => hurried.find({ scope, filter: SLOW, sort: 'statusCode', direction: 'asc', limit: 5 }),
    ]) {
      // Starting a thread takes time too; a call that did not start in time fails with another error.
      const failure = () => call().catch((error: RelaylogError) => error.code);
      await expect.poll(failure).toBe('QUERY_TIMEOUT');
      await expect(call()).rejects.toThrow(/narrow its createdAt window|Too many searches/);
    }
    await hurried.close();
  });

  it('a thread serves the next search after one was stopped', async () => {
    for (const read of [count, slowest]) {
      const client = new AbortController();
      const search = read('slow', SLOW, client.signal);
      setTimeout(() => client.abort(), 20);
      await expect(search).rejects.toMatchObject({ code: 'CLIENT_CLOSED_REQUEST' });
      expect(await count('slow', MATCH_ALL)).toEqual({ count: LOGS, exact: true });
    }
  });

  it('slow searches of one organization do not delay those of another', async () => {
    const client = new AbortController();
    const slow = Array.from({ length: 10 }, () => count('slow', SLOW, client.signal));
    const quick = order({
      count: count('quick', MATCH_ALL),
      search: slowest('quick', { op: 'contains', field: 'path', value: 'v1' }),
      ...Object.fromEntries(slow.map((call, i) => [`slow ${i}`, call])),
    });
    await count('quick', MATCH_ALL);
    client.abort();
    const ended = await quick;
    expect(ended.slice(0, 2).sort()).toEqual(['count', 'search']);
    expect(ended.filter((one) => one.endsWith('CLIENT_CLOSED_REQUEST'))).toHaveLength(slow.length);
  });

  it('limits the waiting searches of an organization: searches beyond the limit fail at once with UNAVAILABLE, others succeed', async () => {
    const results = Promise.allSettled(Array.from({ length: 300 }, () => count('slow', MATCH_ALL)));
    expect(await count('quick', MATCH_ALL)).toEqual({ count: 1, exact: true });
    const refused = (await results).filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    expect(refused.length).toBeGreaterThan(100);
    for (const error of refused) expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1 });
    expect(await count('slow', MATCH_ALL)).toEqual({ count: LOGS, exact: true });
  });
});
