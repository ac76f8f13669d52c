import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SCOPE_NAMES, type Scope } from '../src/access/scopes.ts';
import { COSTS, FILTER_LIMITS } from '../src/graphql/limits.ts';
import { RequestLogPage } from '../src/graphql/request-log-page.ts';
import { DAY_MS, HOUR_MS } from '../src/lib/time-units.ts';
import { Charge } from '../src/limits/charge.ts';
import { RelaylogError } from '../src/log/errors.ts';
import { fieldOf, TEXT_LENGTH } from '../src/log/fields.ts';
import { type Filter, MATCH_ALL } from '../src/log/filter.ts';
import type { RequestLog } from '../src/log/request-log.ts';
import { DIMENSION_NAMES, DIMENSIONS } from '../src/stats/dimensions.ts';
import { bucketIds, groupId, statsId } from '../src/stats/ids.ts';
import { INTERVAL_NAMES } from '../src/stats/intervals.ts';
import type { BucketsQuestion, RankedGroups } from '../src/stats/question.ts';
import type { Store } from '../src/store/store.ts';
import { expectedPage } from './store/oracle.ts';
import { anyFilter, recorded, sampleLog } from './store/samples.ts';
import { type ExpectedAnswer, expectedAnswer } from './store/stats-oracle.ts';
import { anyBuckets, anyGroups, anyStatsFilter, logsInTime } from './store/stats-questions.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { filterInput } from './support/filter-input.ts';
import { ALL_MEASURES, expectMeasuresJson, type MeasuresJson, meaningOf } from './support/stats-query.ts';
import { trials } from './support/trials.ts';
import { wrapStore } from './support/wrap-store.ts';

const RUNS = trials(60, 400);
const iso = (time: number) => new Date(time).toISOString();
const hours = (count: number) => TEST_NOW - count * HOUR_MS;

interface BucketJson {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly measures: MeasuresJson;
}
interface GroupJson {
  readonly id: string;
  readonly key: readonly { readonly dimension: string; readonly value: string | null }[];
  readonly filter: object;
  readonly measures: MeasuresJson;
  readonly sampleRequestLog: { readonly requestId: string } | null;
  readonly buckets: readonly BucketJson[];
}
interface GroupsJson {
  readonly groupCount: number;
  readonly other: MeasuresJson | null;
  readonly nodes: readonly GroupJson[];
}
interface StatsJson {
  readonly id: string;
  readonly measures: MeasuresJson;
  readonly buckets: readonly BucketJson[] | null;
  readonly groups: GroupsJson | null;
}
interface Answer {
  readonly requestLogStats: StatsJson | null;
  readonly viewer: { readonly limits: { readonly queryCost: number } };
}

/** What a query selects of statistics: groups, buckets of time, or groups and the buckets of each. */
interface Selection {
  readonly groups: RankedGroups | null;
  readonly buckets: BucketsQuestion | null;
}
const anySelection: fc.Arbitrary<Selection> = fc.record({
  groups: fc.option(anyGroups),
  buckets: fc.option(anyBuckets),
});

describe('statistics equal those of all logs in memory', () => {
  let app: TestApp;
  let tenant = 0;
  beforeAll(async () => {
    app = await testApp({ RELAYLOG_GRAPHQL_MAX_COST: '1000000' });
  });
  afterAll(() => app.close());

  const bucketsOf = ({ buckets }: Selection) =>
    buckets === null
      ? ''
      : `buckets(interval: ${buckets.interval}, timeZone: "${buckets.timeZone}", from: "${iso(buckets.from)}", to: "${iso(buckets.to)}") { from to measures ${ALL_MEASURES} }`;
  const selectionOf = (part: Selection) => {
    if (part.groups === null) return bucketsOf(part) || `measures ${ALL_MEASURES}`;
    const { by, top, order, search } = part.groups;
    const sorted = `orderBy: { measure: ${order.measure}, direction: ${order.direction.toUpperCase()} }`;
    return `groups(by: [${by}], top: ${top}, ${sorted}, search: ${JSON.stringify(search)}) {
      groupCount other ${ALL_MEASURES}
      nodes { key { dimension value } filter measures ${ALL_MEASURES} sampleRequestLog { requestId } ${bucketsOf(part)} }
    }`;
  };
  const expectBuckets = (shown: readonly BucketJson[], expected: ExpectedAnswer['buckets']) => {
    expect(shown.map(({ from, to }) => ({ from, to }))).toEqual(
      expected!.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
    );
    for (const [i, { measures }] of shown.entries()) expectMeasuresJson(measures, expected![i]!.logs);
  };

  it('for any filter, groups, buckets and zone, of two organizations and two plans', async () => {
    let fed = 0;
    await fc.assert(
      fc.asyncProperty(
        logsInTime,
        fc.oneof(anyStatsFilter, anyFilter).map(filterInput),
        fc.array(anySelection, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('archive', 'starter'),
        async (logs, input, parts, plan) => {
          const filter = meaningOf(input);
          fc.pre(filter !== null);
          const suffix = `-s${++tenant}`;
          const own = logs.map(({ id, ...log }) =>
            sampleLog({ ...log, organizationId: log.organizationId + suffix }),
          );
          await app.store.insert(own.map(recorded));
          const organizationId = `acme${suffix}`;
          const key = await app.key(organizationId, SCOPE_NAMES, plan);
          const scope = { organizationId, visibleFrom: plan === 'archive' ? null : TEST_NOW - 30 * DAY_MS };
          const query = `query ($filter: RequestLogFilter) { ${parts.map((part, i) => `p${i}: requestLogStats(filter: $filter) { ${selectionOf(part)} }`)} }`;
          const { data, errors } = await app.graphql<Record<string, StatsJson>>(key, query, {
            filter: input,
          });
          expect(errors).toBeUndefined();
          for (const [i, part] of parts.entries()) {
            const { measures, buckets, groups } = data[`p${i}`]!;
            const expected = expectedAnswer(own, scope, { filter: filter!, ...part });
            if (part.groups !== null) expectGroups(groups!, part, expected);
            else if (part.buckets !== null) expectBuckets(buckets!, expected.buckets);
            else expectMeasuresJson(measures, expected.logs);
            for (const group of groups?.nodes.slice(0, 2) ?? []) {
              const values = JSON.stringify(group.key.map(({ value }) => value));
              await expectRows(key, group.filter, expected.groups!.get(values)!.logs);
              fed += 1;
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(fed).toBeGreaterThan(RUNS / 4);
  }, 300_000);

  function expectGroups({ nodes, groupCount, other }: GroupsJson, part: Selection, expected: ExpectedAnswer) {
    const { top, search } = part.groups!;
    const found = [...expected.groups!].filter(
      ([values]) =>
        search === null ||
        (JSON.parse(values) as (string | null)[]).some((value) =>
          value?.toLowerCase().includes(search.toLowerCase()),
        ),
    );
    expect(groupCount).toBe(found.length);
    expect(nodes).toHaveLength(Math.min(top, found.length));
    const rest = new Map(found);
    for (const { key, measures, sampleRequestLog, buckets } of nodes) {
      expect(key.map(({ dimension }) => dimension)).toEqual(part.groups!.by);
      const values = JSON.stringify(key.map(({ value }) => value));
      const group = rest.get(values)!;
      rest.delete(values);
      expectMeasuresJson(measures, group.logs);
      expect(sampleRequestLog).toEqual({ requestId: `req_${newest(group.logs)[0]!.requestId}` });
      if (part.buckets !== null) expectBuckets(buckets, group.buckets);
    }
    if (rest.size === 0) expect(other).toBeNull();
    else
      expectMeasuresJson(
        other!,
        [...rest.values()].flatMap(({ logs }) => logs),
      );
  }

  /** Feeds a group's filter back into `requestLogs`. */
  async function expectRows(key: string, filter: object, logs: readonly RequestLog[]) {
    const query =
      'query ($filter: RequestLogFilter) { requestLogs(first: 100, filter: $filter) { totalCount nodes { requestId } } }';
    const { data } = await app.graphql<{ requestLogs: object }>(key, query, { filter });
    const nodes = newest(logs).map(({ requestId }) => ({ requestId: `req_${requestId}` }));
    expect(data.requestLogs).toEqual({ totalCount: logs.length, nodes });
  }

  function newest(logs: readonly RequestLog[]): readonly RequestLog[] {
    const { organizationId } = logs[0]!;
    const scope = { organizationId, visibleFrom: null };
    return expectedPage(logs, { scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'desc', limit: 100 });
  }
});

describe('a question', () => {
  let app: TestApp;
  let key: string;
  let calls: string[] = [];
  const replaced: Partial<Store> = {};
  beforeAll(async () => {
    app = await testApp({}, (store) => wrapStore(store, (name) => calls.push(name), replaced));
    key = await app.key('acme');
    await app.insert(
      { requestId: 'a', createdAt: hours(50), method: 'GET', statusCode: 200, durationMs: 10 },
      { requestId: 'b', createdAt: hours(3), method: 'GET', statusCode: 404, durationMs: 30 },
      { requestId: 'c', createdAt: hours(2), method: 'POST', statusCode: 503, durationMs: null },
      { requestId: 'd', createdAt: hours(1), method: 'GET', statusCode: 200, durationMs: 20, service: 'api' },
    );
  });
  afterAll(() => app.close());
  beforeEach(() => {
    calls = [];
    delete replaced.statsWork;
    delete replaced.stats;
  });

  const ask = async (selection: string, variables: object = {}, as = key) => {
    const query = `query ($filter: RequestLogFilter) { requestLogStats(filter: $filter) { ${selection} } viewer { limits { queryCost } } }`;
    return app.graphql<Answer>(as, query, variables);
  };
  const reads = () => calls.filter((name) => ['find', 'stats', 'statsWork', 'count'].includes(name));
  const groupsOf = async (selection: string, filter?: object) => {
    const { data, errors } = await ask(selection, { filter });
    expect(errors).toBeUndefined();
    return data.requestLogStats!.groups!.nodes;
  };

  it('with a facet for each dimension is one call of the store, and buckets of all groups are one more', async () => {
    const facets = DIMENSION_NAMES.slice(0, 8).map(
      (by) => `${by}: groups(by: [${by}]) { nodes { key { value } measures { count } } }`,
    );
    for (let time = 0; time < 3; time++) {
      calls = [];
      const { data } = await ask(`${facets.join(' ')} measures { count } again: measures { count }`);
      expect(reads()).toEqual(['statsWork', 'stats']);
      expect(data.requestLogStats).toMatchObject({
        measures: { count: 4 },
        again: { count: 4 },
        METHOD: {
          nodes: [
            { key: [{ value: 'GET' }], measures: { count: 3 } },
            { key: [{ value: 'POST' }], measures: { count: 1 } },
          ],
        },
        SERVICE: { nodes: [{ key: [{ value: null }] }, { key: [{ value: 'api' }] }] },
      });
      calls = [];
      await ask(
        `a: groups(by: [METHOD]) { nodes { buckets(interval: DAY) { id } hourly: buckets(interval: HOUR) { id } } }
         b: groups(by: [STATUS_CLASS]) { nodes { buckets(interval: DAY) { id } } }
         buckets(interval: DAY) { id } also: buckets(interval: HOUR) { id }`,
      );
      // The oldest log is found once for the default range of both `buckets`.
      expect(reads()).toEqual(['find', 'statsWork', 'stats', 'statsWork', 'stats']);
    }
  });

  it('reads the sample of a group by one call, and only its selected fields', async () => {
    const nodes = await groupsOf('groups(by: [METHOD]) { nodes { sampleRequestLog { requestId } } }');
    expect(nodes).toEqual([
      { sampleRequestLog: { requestId: 'req_d' } },
      { sampleRequestLog: { requestId: 'req_c' } },
    ]);
    expect(reads()).toEqual(['statsWork', 'stats', 'find', 'find']);
  });

  it.each(DIMENSION_NAMES)('has groups by %s, and filters that are valid', async (by) => {
    const nodes = await groupsOf(
      `groups(by: [${by}]) { nodes { key { dimension value } filter measures { count } } }`,
    );
    expect(nodes.map(({ measures }) => measures.count).reduce((a, b) => a + b)).toBe(4);
    for (const {
      filter,
      measures,
      key: [part],
    } of nodes) {
      expect(part!.dimension).toBe(by);
      const { data } = await ask('measures { count }', { filter });
      expect(data.requestLogStats!.measures).toEqual({ count: measures.count });
    }
  });

  describe('filters of groups', () => {
    const filterOfFirst = async (by: string, filter?: object) =>
      (await groupsOf(`groups(by: [${by}]) { nodes { filter } }`, filter))[0]!.filter;

    it.each<[string, string, object | undefined, object]>([
      ['are the key alone', 'METHOD', undefined, { method: { eq: 'GET' } }],
      ['have numbers', 'STATUS_CODE', undefined, { statusCode: { eq: 200 } }],
      ['have classes', 'STATUS_CLASS', undefined, { statusClass: { eq: '2xx' } }],
      ['have null', 'HOST', {}, { host: { eq: null } }],
      ['have a part for each dimension', 'METHOD, HOST', {}, { method: { eq: 'GET' }, host: { eq: null } }],
      [
        'contain the filter',
        'METHOD',
        {
          createdAt: { gte: iso(hours(50)) },
          or: [{ outcome: 'SUCCESS' }, { not: { statusClass: { in: ['4xx'] } } }],
        },
        {
          createdAt: { gte: iso(hours(50)) },
          or: [{ outcome: 'SUCCESS' }, { not: { statusClass: { in: ['4xx'] } } }],
          method: { eq: 'GET' },
        },
      ],
      [
        'extend a condition on the same field',
        'METHOD',
        { method: { in: ['GET'] } },
        { method: { in: ['GET'], eq: 'GET' } },
      ],
      ['keep an equal condition', 'METHOD', { method: { eq: 'get' } }, { method: { eq: 'get' } }],
    ])('%s', async (_, by, filter, expected) => {
      expect(await filterOfFirst(by, filter)).toEqual(expected);
    });

    it('work for the longest values', async () => {
      const other = await app.key('long');
      const { maxLength = TEXT_LENGTH.short } = fieldOf('routePattern');
      const routePattern = '/x'.repeat(maxLength / 2);
      await app.insert({ organizationId: 'long', routePattern }, { organizationId: 'long', requestId: 'r2' });
      const { data } = await ask(
        'groups(by: [ROUTE_PATTERN], orderBy: { measure: KEY, direction: DESC }) { nodes { filter } }',
        {},
        other,
      );
      const { filter } = data.requestLogStats!.groups!.nodes[0]!;
      expect(filter).toEqual({ routePattern: { eq: routePattern } });
      const again = await ask('measures { count }', { filter }, other);
      expect(again.data.requestLogStats!.measures.count).toBe(1);
    });

    it('are accepted with as many conditions as a filter may have', async () => {
      const filterWith = (count: number) => ({
        and: Array.from({ length: count }, () => ({ method: { eq: 'GET' } })),
      });
      const most = FILTER_LIMITS.conditions - 2;
      const by = 'groups(by: [METHOD, HOST]) { nodes { filter } }';
      const [{ filter }] = (await groupsOf(by, filterWith(most))) as [GroupJson];
      expect((await ask('measures { count }', { filter })).data.requestLogStats!.measures.count).toBe(3);
      const { data, errors } = await ask(`measures { count } ${by}`, { filter: filterWith(most + 1) });
      expect(errors).toEqual([
        expect.objectContaining({
          message:
            "The filter has 99 conditions; with groups by 2 dimensions, at most 98 are accepted, because each group's filter has one more for each dimension.",
          path: ['requestLogStats', 'groups'],
        }),
      ]);
      expect(data.requestLogStats).toEqual({ measures: { count: 3 }, groups: null });
    });
  });

  it.each<[object, string]>([
    [{ eq: '4xx' }, 'b'],
    [{ ne: '2xx' }, 'bc'],
    [{ in: ['4xx', '5xx'] }, 'bc'],
    [{ in: [] }, ''],
    [{ notIn: ['4xx', '5xx'] }, 'ad'],
    [{ eq: null }, ''],
    [{ ne: null }, 'abcd'],
    [{ ne: '2xx', notIn: ['5xx'] }, 'b'],
  ])('a filter of statusClass %j selects %s', async (statusClass, found) => {
    const query =
      'query ($filter: RequestLogFilter) { requestLogs(filter: $filter) { nodes { requestId } } }';
    const { data } = await app.graphql<{ requestLogs: { nodes: { requestId: string }[] } }>(key, query, {
      filter: { statusClass },
    });
    const ids = data.requestLogs.nodes.map(({ requestId }) => requestId.replace('req_', ''));
    expect(ids.sort().join('')).toBe(found);
  });

  describe('the default range of buckets', () => {
    const rangeOf = async (args: string, filter?: object, as = key) => {
      const { data, errors } = await ask(
        `buckets(interval: HOUR${args}) { from to } groups(by: [METHOD]) { nodes { buckets(interval: HOUR${args}) { from to } } }`,
        { filter },
        as,
      );
      expect(errors).toBeUndefined();
      const { buckets, groups } = data.requestLogStats!;
      for (const group of groups!.nodes) expect(group.buckets).toEqual(buckets);
      return buckets!.length === 0 ? null : [buckets![0]!.from, buckets!.at(-1)!.to];
    };
    const bounds = (from: number | null, to: number | null) => ({
      createdAt: { ...(from && { gte: iso(from) }), ...(to && { lt: iso(to) }) },
    });
    const NEXT = hours(-1);

    it('is that of the filter', async () => {
      expect(await rangeOf('', bounds(hours(100), hours(2)))).toEqual([iso(hours(100)), iso(hours(2))]);
      expect(await rangeOf('', { and: [bounds(hours(20), null)] })).toEqual([iso(hours(20)), iso(NEXT)]);
      expect(await rangeOf('', bounds(null, hours(2)))).toEqual([iso(hours(50)), iso(hours(2))]);
    });

    it('is from the first log to now without bounds', async () => {
      expect(await rangeOf('')).toEqual([iso(hours(50)), iso(NEXT)]);
      expect(await rangeOf('', { statusClass: { ne: '2xx' } })).toEqual([iso(hours(3)), iso(NEXT)]);
      expect(await rangeOf('', { or: [bounds(hours(20), null)], method: { ne: 'X' } })).toEqual([
        iso(hours(20)),
        iso(NEXT),
      ]);
      const either = { or: [bounds(hours(20), null), { method: { eq: 'GET' } }] };
      expect(await rangeOf('', either)).toEqual([iso(hours(50)), iso(NEXT)]);
    });

    it('is replaced by the arguments', async () => {
      expect(await rangeOf(`, from: "${iso(hours(5))}"`)).toEqual([iso(hours(5)), iso(NEXT)]);
      expect(await rangeOf(`, to: "${iso(hours(5))}"`)).toEqual([iso(hours(50)), iso(hours(5))]);
      const both = `, from: "${iso(hours(5) + 1)}", to: "${iso(hours(4) + 1)}"`;
      expect(await rangeOf(both, bounds(hours(5) + 1, null))).toEqual([iso(hours(5)), iso(hours(3))]);
    });

    it('is within the retention window', async () => {
      const free = await app.key('free', SCOPE_NAMES, 'free');
      const old = { organizationId: 'free', requestId: 'old', createdAt: TEST_NOW - 8 * DAY_MS };
      await app.insert(old, { organizationId: 'free', requestId: 'new', createdAt: hours(7) });
      expect(await rangeOf('', {}, free)).toEqual([iso(hours(7)), iso(NEXT)]);
      expect(await rangeOf('', bounds(hours(24 * 60), null), free)).toEqual([iso(hours(7 * 24)), iso(NEXT)]);
      expect(await rangeOf('', bounds(null, hours(7 * 24)), free)).toBeNull();
    });

    it('is empty without logs', async () => {
      const nobody = await app.key('nobody');
      expect(await rangeOf('', {}, nobody)).toBeNull();
      expect(await rangeOf(`, from: "${iso(hours(2))}"`, {}, nobody)).toEqual([iso(hours(2)), iso(NEXT)]);
      expect(await rangeOf('', bounds(hours(-48), null))).toBeNull();
      expect(await rangeOf('', bounds(hours(1), hours(2)))).toBeNull();
    });
  });

  it.each(INTERVAL_NAMES)('has buckets of %s', async (interval) => {
    const range = `from: "${iso(hours(3))}", to: "${iso(TEST_NOW)}"`;
    const { data } = await ask(`buckets(interval: ${interval}, ${range}) { from to measures { count } }`);
    const counts = data.requestLogStats!.buckets!.map(({ measures }) => measures.count);
    // A day, week or month contains the first log as well, if it is long enough.
    expect(counts.reduce((a, b) => a + b)).toBe(interval === 'WEEK' || interval === 'MONTH' ? 4 : 3);
  });

  it('has days of 23 and 25 hours, and hours of zones that are half an hour off', async () => {
    const range = (zone: string, interval: string, from: string, to: string) =>
      `buckets(interval: ${interval}, timeZone: "${zone}", from: "${from}", to: "${to}") { from to }`;
    const spring = await ask(range('Europe/Berlin', 'DAY', '2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z'));
    expect(spring.data.requestLogStats!.buckets).toEqual([
      { from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' },
    ]);
    const autumn = await ask(range('Europe/Berlin', 'DAY', '2026-10-25T00:00:00Z', '2026-10-25T12:00:00Z'));
    expect(autumn.data.requestLogStats!.buckets).toEqual([
      { from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' },
    ]);
    const india = await ask(range('asia/kolkata', 'HOUR', '2026-04-18T10:00:00Z', '2026-04-18T10:40:00Z'));
    expect(india.data.requestLogStats!.buckets).toEqual([
      { from: '2026-04-18T09:30:00.000Z', to: '2026-04-18T10:30:00.000Z' },
      { from: '2026-04-18T10:30:00.000Z', to: '2026-04-18T11:30:00.000Z' },
    ]);
  });

  it('has the same ids whatever is selected, and others for other logs', async () => {
    const filter = { and: [{ method: { eq: 'get' } }, {}] };
    const meaning: Filter = { op: 'eq', field: 'method', value: 'GET' };
    const id = statsId('acme', meaning);
    const group = groupId(id, [{ dimension: 'STATUS_CODE', value: '200' }]);
    const { data } = await ask(
      `id groups(by: [STATUS_CODE], top: 1) { nodes { id buckets(interval: DAY, from: "${iso(hours(5))}") { id from } } }
       buckets(interval: HOUR, timeZone: "europe/berlin") { id from measures { count } }`,
      { filter },
    );
    const { buckets, groups, ...stats } = data.requestLogStats!;
    expect(stats).toEqual({ id });
    const dayId = bucketIds(group, 'DAY', 'UTC');
    const day = Date.UTC(2026, 3, 18);
    expect(groups!.nodes).toEqual([{ id: group, buckets: [{ id: dayId(day), from: iso(day) }] }]);
    const idOf = bucketIds(id, 'HOUR', 'Europe/Berlin');
    for (const bucket of buckets!) expect(bucket.id).toBe(idOf(Date.parse(bucket.from)));
    const foreign = await ask('id', { filter }, await app.key('globex'));
    expect(foreign.data.requestLogStats!.id).not.toBe(id);
  });

  describe('with a bad argument', () => {
    const RANGE = 'from: "2026-01-01T00:00:00Z"';
    it.each<[string, string]>([
      ['groups(by: []) { groupCount }', 'Group by 1 to 3 dimensions, not 0.'],
      [
        'groups(by: [METHOD, METHOD]) { groupCount }',
        'The dimension METHOD is given twice: use each dimension once.',
      ],
      [
        'groups(by: [METHOD, HOST, SERVICE, API_KEY_ID]) { groupCount }',
        'Group by 1 to 3 dimensions, not 4.',
      ],
      ['groups(by: [METHOD], top: 0) { groupCount }', 'must be an integer from 1 to 100, not 0.'],
      ['groups(by: [METHOD], top: 101) { groupCount }', 'must be an integer from 1 to 100, not 101.'],
      [
        `groups(by: [METHOD], search: "${'x'.repeat(1025)}") { groupCount }`,
        'search has 1025 characters; at most 1024 are accepted.',
      ],
      [
        `buckets(interval: MINUTE, ${RANGE}) { id }`,
        'more than 1000 buckets: use the interval DAY or a shorter range.',
      ],
      [
        `buckets(interval: DAY, ${RANGE}, to: "2026-01-01T00:00:00Z") { id }`,
        'The start of the time range must be before its end.',
      ],
      [
        `groups(by: [METHOD], top: 2) { nodes { buckets(interval: MINUTE, ${RANGE}) { id } } }`,
        'for each of 2 groups',
      ],
    ])('%s is null with an error, beside what is answered', async (field, message) => {
      for (let time = 0; time < 2; time++) {
        const { data, errors, status } = await ask(`measures { count } ${field}`);
        expect(status).toBe(200);
        expect(data.requestLogStats!.measures).toEqual({ count: 4 });
        for (const error of errors!) {
          expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
          expect(error.message).toContain(message);
        }
      }
    });

    it.each<[string, object, string]>([
      [
        'measures { durationMs { percentile(p: 100.5) } }',
        {},
        'A percentile must be from 0 to 100, not 100.5.',
      ],
      ['measures { durationMs { percentile(p: -1) } }', {}, 'A percentile must be from 0 to 100, not -1.'],
      [
        'buckets(interval: DAY, timeZone: "Mars") { id }',
        {},
        'The time zone "Mars" is unknown: use an IANA name',
      ],
      ['buckets(interval: DAY, timeZone: 7) { id }', {}, 'A time zone must be a string: an IANA name'],
      ['buckets(interval: CENTURY) { id }', {}, 'Value "CENTURY" does not exist in "TimeInterval" enum.'],
      ['groups(by: [PATH]) { groupCount }', {}, 'Value "PATH" does not exist in "RequestLogDimension" enum.'],
      [
        'groups { groupCount }',
        {},
        'Argument "RequestLogStats.groups(by:)" of type "[RequestLogDimension!]!" is required',
      ],
      [
        'measures { count }',
        { statusClass: { eq: '6xx' } },
        'filter.statusClass.eq must be one of 1xx, 2xx, 3xx, 4xx, 5xx, not "6xx".',
      ],
      ['measures { count }', { statusClass: { in: null } }, 'filter.statusClass.in must not be null'],
      [
        'measures { count }',
        { statusClass: { in: Array(101).fill('2xx') } },
        'filter.statusClass.in has 101 values; at most 100 are accepted.',
      ],
      [
        'measures { count }',
        { path: { eq: 'x'.repeat(32_769) } },
        'filter.path.eq has 32769 characters; at most 32768 are accepted.',
      ],
    ])('%s %j is refused', async (selection, filter, message) => {
      for (let time = 0; time < 2; time++) {
        const { data, errors } = await ask(selection, { filter });
        expect(errors).toHaveLength(1);
        expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
        expect(errors![0]!.message).toContain(message);
        expect(data?.requestLogStats ?? null).toBeNull();
      }
      expect(reads()).toEqual([]);
    });
  });

  it.each<[readonly Scope[], object, string]>([
    [['logs:write'], {}, 'logs:read'],
    [['logs:read'], { ipAddress: { eq: '::1' } }, 'logs:sensitive'],
  ])('requires scopes: with %j and the filter %j', async (scopes, filter, missing) => {
    const { data, errors } = await ask('measures { count }', { filter }, await app.key('acme', scopes));
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' }, message: expect.stringContaining(missing) },
    ]);
    expect(data.requestLogStats).toBeNull();
    expect(reads()).toEqual([]);
  });

  it('fails as a whole if the store fails, once for all parts', async () => {
    replaced.stats = () =>
      Promise.reject(new RelaylogError('UNAVAILABLE', 'The store is unavailable.', { retryAfter: 3 }));
    const selection = 'a: groups(by: [METHOD]) { groupCount } b: groups(by: [HOST]) { groupCount }';
    for (let time = 0; time < 2; time++) {
      calls = [];
      const { data, errors, status } = await ask(selection);
      expect(status).toBe(200);
      expect(data.requestLogStats).toEqual({ a: null, b: null });
      expect(errors).toMatchObject([
        { extensions: { code: 'UNAVAILABLE' } },
        { extensions: { code: 'UNAVAILABLE' } },
      ]);
      expect(reads()).toEqual(['statsWork', 'stats']);
    }
  });

  describe('costs', () => {
    // They cost more than reading the request, so that the price of each selection is seen.
    const OTHER_FIELDS = 'viewer { limits { queryCost } } requestLogs(first: 1) { totalCount(exact: true) }';
    // With `requestLogStats`.
    const OTHER_COST = COSTS.statistics + 3 + 1 + COSTS.exactCount;
    const costOf = async (selection: string, filter?: object) => {
      const query = `query ($filter: RequestLogFilter) { requestLogStats(filter: $filter) { ${selection} } ${OTHER_FIELDS} }`;
      const { data, errors } = await app.graphql<Answer>(key, query, { filter });
      expect(errors).toBeUndefined();
      return data.viewer.limits.queryCost - OTHER_COST;
    };

    it('`statistics` for the filter, in addition to its questions', async () => {
      const cost = async (selection: string) => (await ask(selection)).data.viewer.limits.queryCost;
      replaced.statsWork = async () => ({ cells: 0, logs: 0 });
      for (let time = 0; time < 2; time++) {
        expect(await cost('measures { count }')).toBe(COSTS.statistics + 14);
        replaced.statsWork = async () => ({ cells: 40, logs: 24_000 });
        expect(await cost('measures { count }')).toBe(COSTS.statistics + 14 + 28);
        replaced.statsWork = async () => ({ cells: 0, logs: 0 });
      }
    });

    it('10 for each question, 1 for each field of a group, and what is read', async () => {
      replaced.statsWork = async () => ({ cells: 40, logs: 3_000 });
      for (let time = 0; time < 2; time++) {
        expect(await costOf('id')).toBe(1);
        expect(await costOf('measures { count }')).toBe(11 + 7);
        expect(await costOf('groups(by: [METHOD], top: 7) { groupCount other { count } }')).toBe(
          10 + 1 + 2 + 7,
        );
        expect(await costOf('groups(by: [METHOD], top: 7) { nodes { id key { value } } }')).toBe(
          10 + 7 * 4 + 7,
        );
        expect(await costOf('measures { count } groups(by: [METHOD], top: 7) { groupCount }')).toBe(
          11 + 11 + 7,
        );
      }
    });

    it('1 for each ten fields of buckets', async () => {
      replaced.statsWork = async () => ({ cells: 0, logs: 0 });
      const buckets = `buckets(interval: DAY, from: "2026-03-01T00:00:00Z", to: "2026-03-31T00:00:00Z") { ...B }`;
      const filter = { createdAt: { gte: iso(hours(100)) } };
      const query = (
        selection: string,
      ) => `query ($filter: RequestLogFilter) { requestLogStats(filter: $filter) { ${selection} } ${OTHER_FIELDS} }
        fragment B on RequestLogBucket { from measures { count durationMs { ...D } } } fragment D on DurationStats { p50 p95 p99 }`;
      const cost = async (selection: string) => {
        const { data } = await app.graphql<Answer>(key, query(selection), { filter });
        return data.viewer.limits.queryCost - OTHER_COST;
      };
      const fields = 7;
      const estimated = 31;
      expect(await cost(buckets)).toBe(10 + fields + Math.ceil((estimated * fields) / 10));
      // Two groups are found, so their buckets are charged; the fields of the ten that could be found are.
      expect(await cost(`groups(by: [METHOD]) { nodes { ${buckets} } }`)).toBe(
        10 + 10 * (1 + 1 + fields) + Math.ceil((2 * estimated * fields) / 10),
      );
    });

    it('less for thirty daily bars than for a page of 100', async () => {
      const page =
        '{ viewer { limits { queryCost } } requestLogs(first: 100) { edges { node { id createdAt method path statusCode durationMs } } pageInfo { hasNextPage endCursor } } }';
      const { data } = await app.graphql<Answer>(key, page);
      const from = iso(TEST_NOW - 30 * DAY_MS);
      replaced.statsWork = async () => ({ cells: 30 * 8, logs: 1_000 });
      const bars = await costOf(
        `buckets(interval: DAY, from: "${from}") { id from to measures { count clientErrorCount serverErrorCount durationMs { p50 p95 p99 } } }`,
      );
      expect(bars).toBeLessThan(data.viewer.limits.queryCost / 4);
    });

    it('the same whether it is compiled or not, and if it is executed again', async () => {
      const before = await fallbacks(app, 'expected_error');
      const compiledOff = await testApp({ RELAYLOG_GRAPHQL_COMPILED: 'off' });
      const query = `query ($by: [RequestLogDimension!]!, $interval: TimeInterval!) { requestLogStats {
        measures { count } buckets(interval: DAY) { id }
        groups(by: [METHOD]) { nodes { buckets(interval: $interval) { id } hourly: buckets(interval: HOUR) { id } } }
        other: groups(by: $by) { nodes { buckets(interval: WEEK) { id } } }
      } }`;
      // Once an operation is compiled, it is executed again if it fails.
      const variables = [
        { by: ['HOST'], interval: 'DAY' },
        { by: [], interval: 'DAY' },
        { by: ['HOST'], interval: 'MINUTE' },
        { by: ['HOST'], interval: 'DAY' },
      ];
      const scope = { organizationId: 'acme', visibleFrom: null };
      const all = { scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'desc', limit: 10 } as const;
      await compiledOff.store.insert((await app.store.find(all)).map(recorded));
      const other = await compiledOff.key('acme');
      const used = async (one: TestApp, as: string) => {
        const costs: number[] = [];
        for (const values of variables) {
          const before = await remaining(one, as);
          await one.graphql(as, query, values);
          costs.push(before - (await remaining(one, as)));
        }
        return costs;
      };
      const costs = await used(app, key);
      expect(costs).toEqual(await used(compiledOff, other));
      expect(costs[0]).toBe(costs[3]);
      expect(await fallbacks(app, 'expected_error')).toBeGreaterThan(before);
      await compiledOff.close();
    });

    async function fallbacks(one: TestApp, reason: string): Promise<number> {
      const text = await (await one.request('/metrics')).text();
      return Number(new RegExp(`fallbacks_total\\{reason="${reason}"\\} (\\d+)`).exec(text)![1]);
    }

    /** What is left of the rate limit. */
    async function remaining(one: TestApp, as: string): Promise<number> {
      const response = await one.post(as, { query: '{ __typename }' });
      return Number(/r=(\d+)/.exec(response.headers.get('ratelimit')!)![1]);
    }

    it('at most the limit: a question that reads too much is refused before it is answered', async () => {
      replaced.statsWork = async () => ({ cells: 7, logs: 60_000_000 });
      for (let time = 0; time < 2; time++) {
        calls = [];
        const { data, errors } = await ask('measures { count }');
        expect(data.requestLogStats).toBeNull();
        expect(errors).toMatchObject([
          { path: ['requestLogStats', 'measures'], extensions: { code: 'BAD_USER_INPUT' } },
        ]);
        expect(errors![0]!.message).toBe(
          'The query costs 60115, and the limit is 10000: answering it reads up to 60000000 logs. Use a shorter range of time, fewer dimensions, a longer interval, or a filter on one of the dimensions, which roll-ups can answer.',
        );
        expect(reads()).toEqual(['statsWork']);
        expect(data.viewer.limits.queryCost).toBe(COSTS.statistics + 14);
      }
    });

    it('before the rows of the same operation are answered', async () => {
      const { pay } = Charge.prototype;
      const events: string[] = [];
      const spies = [
        vi.spyOn(Charge.prototype, 'pay').mockImplementation(async function (this: Charge, cost) {
          await pay.call(this, cost);
          events.push('paid');
        }),
        vi.spyOn(RequestLogPage.prototype, 'cursorOf').mockImplementation(() => {
          events.push('row');
          return 'cursor';
        }),
      ];
      const nested = 'groups(by: [METHOD]) { nodes { buckets(interval: DAY) { from } } }';
      const query = `{ requestLogs(first: 4) { edges { cursor node { id } } } requestLogStats { ${nested} } }`;
      for (let time = 0; time < 2; time++) {
        events.length = 0;
        expect((await app.graphql(key, query)).errors).toBeUndefined();
        // The operation, what the groups read, the buckets and what these read.
        expect(events).toEqual([...Array(4).fill('paid'), ...Array(4).fill('row')]);
      }
      for (const spy of spies) spy.mockRestore();
    });

    it('at most the limit: too many fields of buckets are refused', async () => {
      const all = `a: buckets(interval: HOUR, from: "${iso(hours(900))}") { id from to ${[...'abcdefghijkl'].map((name) => `${name}: measures { count billedUnits clientErrorCount serverErrorCount durationMs { p50 p90 p95 p99 } }`)} }`;
      const { errors } = await ask(all);
      expect(errors![0]!.message).toMatch(
        /^The query costs 11\d{3}, and the limit is 10000: request a longer interval, a shorter range of time, fewer groups or fewer fields of each bucket\.$/,
      );
      expect(reads()).toEqual([]);
    });

    it('what is left of the rate limit: the question is refused with when to ask again', async () => {
      const limited = await testApp(
        {
          RELAYLOG_GRAPHQL_MAX_COST: '1000',
          RELAYLOG_GRAPHQL_BURST_COST: '1000',
          RELAYLOG_GRAPHQL_COST_PER_SECOND: '10',
        },
        (store) =>
          wrapStore(store, (name) => calls.push(name), {
            statsWork: async () => ({ cells: 0, logs: 600_000 }),
          }),
      );
      const as = await limited.key('acme');
      const query = '{ requestLogStats { measures { count } } }';
      expect((await limited.graphql(as, query)).status).toBe(200);
      calls = [];
      const refused = await limited.post(as, { query });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([
        429,
        expect.stringMatching(/^\d+$/),
      ]);
      expect(await refused.json()).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED', rateLimit: { cost: 711 } } }],
      });
      expect(reads()).toEqual(['statsWork']);
      await limited.close();
    });
  });
});

it('every dimension is a field that can be grouped by its equality', () => {
  for (const name of DIMENSION_NAMES) expect(fieldOf(DIMENSIONS[name].field).sensitive).toBeUndefined();
});
