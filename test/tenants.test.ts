import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../src/access/api-key.ts';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { encodeGlobalId } from '../src/graphql/global-id.ts';
import type { RequestLog } from '../src/log/request-log.ts';
import { digestOf } from '../src/store/digest.ts';
import { anyLogs, sampleLog } from './store/samples.ts';
import { anyRequest, type Known, type OperationRequest } from './support/any-request.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { trials } from './support/trials.ts';
import { wrapStore } from './support/wrap-store.ts';

/*
 * Two worlds that differ in one thing: in one of them, another organization has logs. To whom these are foreign, both
 * must give the same answers to the byte, whatever is asked: then no row, count, id or 404 tells of them. Both must ask
 * the same of their stores, too: then the work that is done for an answer tells nothing either.
 */

const RUNS = trials(60, 250);
const BATCH = 100;
const manyLogs = fc.array(anyLogs, { minLength: 4, maxLength: 4 }).map((all) => all.flat());

interface World {
  readonly app: TestApp;
  readonly calls: string[];
}

async function world(): Promise<World> {
  const calls: string[] = [];
  return { app: await testApp({}, (store) => wrapStore(store, (method) => calls.push(method))), calls };
}

/** The logs as two organizations' own, who use the same request ids. */
function logsOf(generated: readonly RequestLog[], name: string, as: string): RequestLog[] {
  return generated
    .filter(({ organizationId }) => organizationId === name)
    .map(({ id: _, ...log }, i) =>
      sampleLog({ ...log, organizationId: as, requestId: `${log.requestId[0]}${i}` }),
    );
}

async function insert({ app }: World, logs: readonly RequestLog[]): Promise<void> {
  const body = (of: string) => ({
    requestHeaders: { of },
    requestBody: { of },
    responseHeaders: null,
    responseBody: of,
  });
  if (logs.length > 0)
    await app.store.insert(logs.map((log) => ({ log, payload: body(log.organizationId) })));
}

async function makeKey(organizationId: string, worlds: readonly World[]): Promise<string> {
  const { key, record } = newApiKey({ organizationId, scopes: SCOPE_NAMES }, TEST_NOW);
  for (const { app } of worlds) {
    await app.store.createOrganization({ id: organizationId, plan: 'archive', createdAt: TEST_NOW });
    await app.store.createKey(record);
  }
  return key;
}

/** An answer less the id of the call itself, and what the store was asked for it. */
async function ask({ app, calls }: World, { path, init }: OperationRequest, key: string) {
  calls.length = 0;
  const headers = { ...(init.headers as object), authorization: `Bearer ${key}` };
  const response = await app.request(path, { ...init, headers });
  const text = await response.text();
  return {
    status: response.status,
    body: text.replaceAll(/req_[0-9A-Z]{26}/g, 'req_of-this-call'),
    headers: [...response.headers]
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name]) => name !== 'x-request-id')
      .sort(),
    calls: calls.toSorted(),
  };
}

/** What a caller may have come to know of its own and of foreign logs. */
async function whatIsKnown(
  [shared, alone]: readonly [World, World],
  [key, foreignKey]: readonly [string, string],
  logs: readonly RequestLog[],
): Promise<Known> {
  const unknown = sampleLog({ organizationId: 'nobody', requestId: 'nothing' });
  const all = [...logs, unknown];
  const cursors = async (path: string, form: RegExp) => {
    const page = { path, init: {} };
    const own = await ask(shared, page, key);
    expect(await ask(alone, page, key)).toEqual(own);
    const pages = [own, await ask(shared, page, foreignKey)];
    return [...pages.flatMap(({ body }) => [...body.matchAll(form)].map((match) => match[1]!)), 'nonsense'];
  };
  return {
    ids: all.map(({ id }) => id),
    globalIds: all.map(({ id }) => encodeGlobalId('RequestLog', id)),
    requestIds: all.map(({ requestId }) => requestId),
    cursors: {
      graphql: await cursors('/graphql?query={requestLogs(first:3){edges{cursor}}}', /"cursor":"([^"]+)"/g),
      scrip: await cursors('/v1/logs?limit=2', /"next_cursor":"([^"]+)"/g),
      signa: await cursors('/v1/organization/logs?start_date=2025-12-31&limit=2', /"cursor":"([^"]+)"/g),
    },
  };
}

describe('an organization', () => {
  let shared: World;
  let alone: World;
  beforeAll(async () => {
    [shared, alone] = [await world(), await world()];
    await alone.app.store.setSecret(await shared.app.store.secret());
  });
  afterAll(() => Promise.all([shared.app.close(), alone.app.close()]));

  it('sees and changes the same, whatever another one holds', async () => {
    let runs = 0;
    const met = { requests: 0, answered: 0, notFound: 0, ownRows: 0, foreignRows: 0 };
    const rowsOf = (body: string) => body.split('"path":').length - 1;

    await fc.assert(
      fc.asyncProperty(
        manyLogs,
        fc.array(anyRequest, { minLength: 4, maxLength: 12 }),
        async (generated, requests) => {
          // In the order of names, the other one comes first or last.
          const [mine, theirs] = [`m-${++runs}`, `${runs % 2 === 0 ? 'aardvark' : 'zebra'}-${runs}`];
          const own = logsOf(generated, 'acme', mine);
          const foreign = logsOf(generated, 'globex', theirs);
          const key = await makeKey(mine, [shared, alone]);
          const foreignKey = await makeKey(theirs, [shared]);
          await insert(shared, [...own, ...foreign]);
          await insert(alone, own);
          const kept = () => digestOf(shared.app.store, theirs, BATCH);
          const before = await kept();
          const known = await whatIsKnown([shared, alone], [key, foreignKey], [...own, ...foreign]);

          for (const request of requests) {
            const requested = request(known);
            const answer = await ask(shared, requested, key);
            expect(answer).toEqual(await ask(alone, requested, key));
            expect(answer.body).not.toContain(theirs);
            const foreignAnswer = requested.writes ? null : await ask(shared, requested, foreignKey);
            met.requests++;
            met.answered += Number(answer.status === 200);
            met.notFound += Number(answer.status === 404);
            met.ownRows += rowsOf(answer.body);
            met.foreignRows += rowsOf(foreignAnswer?.body ?? '');
          }
          expect(await kept()).toEqual(before);
        },
      ),
      { numRuns: RUNS },
    );

    // The requests met rows of both organizations, and rows that do not exist: the answers were not equal for want of rows.
    expect(met.answered / met.requests).toBeGreaterThan(0.6);
    expect(met.ownRows).toBeGreaterThan(RUNS * 10);
    expect(met.foreignRows).toBeGreaterThan(RUNS * 3);
    expect(met.notFound).toBeGreaterThan(RUNS / 10);
  });
});
