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
 * Two deployments that differ in one respect: in one of them, another organization has logs. For any request, a caller who
 * may not see these logs must get the same response from both, byte for byte, so no row, count, id or 404 reveals them. Both
 * must also make the same store calls, so the amount of work reveals nothing either.
 */

const RUNS = trials(60, 250);
const BATCH = 100;
const manyLogs = fc.array(anyLogs, { minLength: 4, maxLength: 4 }).map((all) => all.flat());

interface Deployment {
  readonly app: TestApp;
  readonly calls: string[];
}

async function deployment(): Promise<Deployment> {
  const calls: string[] = [];
  return { app: await testApp({}, (store) => wrapStore(store, (method) => calls.push(method))), calls };
}

/** The generated logs of one organization, moved to the organization `as`, with request ids that both organizations use. */
function logsOf(generated: readonly RequestLog[], name: string, as: string): RequestLog[] {
  return generated
    .filter(({ organizationId }) => organizationId === name)
    .map(({ id: _, ...log }, i) =>
      sampleLog({ ...log, organizationId: as, requestId: `${log.requestId[0]}${i}` }),
    );
}

async function insert({ app }: Deployment, logs: readonly RequestLog[]): Promise<void> {
  const body = (of: string) => ({
    requestHeaders: { of },
    requestBody: { of },
    responseHeaders: null,
    responseBody: of,
  });
  if (logs.length > 0)
    await app.store.insert(logs.map((log) => ({ log, payload: body(log.organizationId) })));
}

async function makeKey(organizationId: string, deployments: readonly Deployment[]): Promise<string> {
  const { key, record } = newApiKey({ organizationId, scopes: SCOPE_NAMES }, TEST_NOW);
  for (const { app } of deployments) {
    await app.store.createOrganization({ id: organizationId, plan: 'archive', createdAt: TEST_NOW });
    await app.store.createKey(record);
  }
  return key;
}

/** Sends a request. Returns the response without its request id, and the store calls that it made. */
async function send({ app, calls }: Deployment, { path, init }: OperationRequest, key: string) {
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

/** Ids and cursors that a caller may know, of its own logs and of the other organization's. */
async function knownIds(
  [shared, alone]: readonly [Deployment, Deployment],
  [key, foreignKey]: readonly [string, string],
  logs: readonly RequestLog[],
): Promise<Known> {
  const unknown = sampleLog({ organizationId: 'nobody', requestId: 'nothing' });
  const all = [...logs, unknown];
  const cursors = async (path: string, form: RegExp) => {
    const page = { path, init: {} };
    const own = await send(shared, page, key);
    expect(await send(alone, page, key)).toEqual(own);
    const pages = [own, await send(shared, page, foreignKey)];
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
  let shared: Deployment;
  let alone: Deployment;
  beforeAll(async () => {
    [shared, alone] = [await deployment(), await deployment()];
    await alone.app.store.setSecret(await shared.app.store.secret());
  });
  afterAll(() => Promise.all([shared.app.close(), alone.app.close()]));

  it('gets the same responses and has the same effects, regardless of the logs of another organization', async () => {
    let runs = 0;
    const totals = { requests: 0, answered: 0, notFound: 0, ownRows: 0, foreignRows: 0 };
    const rowsOf = (body: string) => body.split('"path":').length - 1;

    await fc.assert(
      fc.asyncProperty(
        manyLogs,
        fc.array(anyRequest, { minLength: 4, maxLength: 12 }),
        async (generated, requests) => {
          // The other organization's id sorts alternately before and after this one's.
          const [mine, theirs] = [`m-${++runs}`, `${runs % 2 === 0 ? 'aardvark' : 'zebra'}-${runs}`];
          const own = logsOf(generated, 'acme', mine);
          const foreign = logsOf(generated, 'globex', theirs);
          const key = await makeKey(mine, [shared, alone]);
          const foreignKey = await makeKey(theirs, [shared]);
          await insert(shared, [...own, ...foreign]);
          await insert(alone, own);
          const digest = () => digestOf(shared.app.store, theirs, BATCH);
          const before = await digest();
          const known = await knownIds([shared, alone], [key, foreignKey], [...own, ...foreign]);

          const missing = { path: '/v1/organization/logs/nothing', init: {}, writes: false };
          for (const requested of [...requests.map((request) => request(known)), missing]) {
            const answer = await send(shared, requested, key);
            expect(answer).toEqual(await send(alone, requested, key));
            expect(answer.body).not.toContain(theirs);
            const foreignAnswer = requested.writes ? null : await send(shared, requested, foreignKey);
            totals.requests++;
            totals.answered += Number(answer.status === 200);
            totals.notFound += Number(answer.status === 404);
            totals.ownRows += rowsOf(answer.body);
            totals.foreignRows += rowsOf(foreignAnswer?.body ?? '');
          }
          expect(await digest()).toEqual(before);
        },
      ),
      { numRuns: RUNS },
    );

    // The responses contained rows of both organizations and 404s, so they were not equal merely because they were empty.
    expect(totals.answered / totals.requests).toBeGreaterThan(0.6);
    expect(totals.ownRows).toBeGreaterThan(RUNS * 10);
    expect(totals.foreignRows).toBeGreaterThan(RUNS * 3);
    expect(totals.notFound).toBeGreaterThanOrEqual(RUNS);
  });
});
