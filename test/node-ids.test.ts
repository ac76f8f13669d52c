import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/graphql/global-id.ts';
import { logId } from '../src/log/log-id.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { trials } from './support/trials.ts';
import { wrapStore } from './support/wrap-store.ts';

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } viewer { plan } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } viewer { plan } }';
const globalId = (text: string) => Buffer.from(text).toString('base64url');

/** Ids that are not accepted, and the code of each. */
const BAD: readonly [string, string, string][] = [
  ['a text', 'x', 'BAD_USER_INPUT'],
  ['an empty text', '', 'BAD_USER_INPUT'],
  ['a log id that is malformed', globalId('RequestLog:1'), 'BAD_USER_INPUT'],
  ['a viewer id that is malformed', globalId('Viewer:1'), 'BAD_USER_INPUT'],
  ['base64 with padding', `${globalId('User:12')}==`, 'BAD_USER_INPUT'],
  ['an id of another type', globalId('User:1'), 'ID_TYPE_MISMATCH'],
  ['an id of a type that is not a node', globalId('RateLimit:1'), 'ID_TYPE_MISMATCH'],
  ['an id of a prototype member', globalId('constructor:1'), 'ID_TYPE_MISMATCH'],
];

describe('an id that is not accepted', () => {
  let app: TestApp;
  let key: string;
  let log: string;
  let viewer: string;
  let broken = false;
  beforeAll(async () => {
    app = await testApp({}, (store) =>
      wrapStore(store, (name) => {
        if (broken && name === 'findByIds') throw new Error('broken');
      }),
    );
    key = await app.key('acme');
    const [inserted] = await app.insert({ organizationId: 'acme' });
    log = encodeGlobalId('RequestLog', inserted!.id);
    viewer = (await app.graphql<{ viewer: { id: string } }>(key, '{ viewer { id } }')).data.viewer.id;
  });
  afterAll(() => app.close());

  const literal = (query: string, name: string, value: unknown) =>
    query.replace(/query \(.*?\) /, '').replace(`$${name}`, JSON.stringify(value));

  it.each(BAD)('is null in place, as a variable and as a literal: %s', async (_what, id, code) => {
    const expected = {
      status: 200,
      data: { node: null, viewer: { plan: 'archive' } },
      errors: [{ path: ['node'], locations: [expect.any(Object)], extensions: { code } }],
    };
    expect(await app.graphql(key, NODE, { id })).toMatchObject(expected);
    expect(await app.graphql(key, literal(NODE, 'id', id))).toMatchObject(expected);
  });

  it.each(BAD)('does not lose the others of the list: %s', async (_what, id, code) => {
    const ids = [log, id, viewer, id];
    const expected = {
      status: 200,
      data: {
        nodes: [{ __typename: 'RequestLog', id: log }, null, { __typename: 'Viewer', id: viewer }, null],
        viewer: { plan: 'archive' },
      },
      errors: [1, 3].map((at) => ({
        path: ['nodes', at],
        locations: [expect.any(Object)],
        extensions: { code },
      })),
    };
    for (const answer of [
      await app.graphql(key, NODES, { ids }),
      await app.graphql(key, literal(NODES, 'ids', ids)),
    ]) {
      expect(answer).toMatchObject(expected);
      expect(answer.errors).toHaveLength(2);
    }
  });

  it('is the only one that fails, in any list', async () => {
    const missing = encodeGlobalId('RequestLog', logId(TEST_NOW, 'acme', 'missing'));
    const good = [log, viewer, missing];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.constantFrom(...good), fc.constantFrom(...BAD.map(([, id]) => id)), fc.string()),
          {
            maxLength: 30,
          },
        ),
        async (ids) => {
          const { status, data, errors = [] } = await app.graphql<{ nodes: unknown[] }>(key, NODES, { ids });
          expect([status, data.nodes.length]).toEqual([200, ids.length]);
          const failed = ids.flatMap((id, i) => (good.includes(id) ? [] : [i]));
          expect(errors.map(({ path }) => path?.[1])).toEqual(failed);
          ids.forEach((id, i) => {
            expect(data.nodes[i] === null).toBe(failed.includes(i) || id === missing);
          });
        },
      ),
      { numRuns: trials(60, 1_000) },
    );
  });

  it('does not hide that the store failed: one error for the whole list', async () => {
    broken = true;
    const { status, data, errors } = await app.graphql(key, NODES, { ids: [log, 'x'] });
    broken = false;
    expect({ status, data }).toEqual({ status: 200, data: { nodes: null, viewer: { plan: 'archive' } } });
    expect(errors).toMatchObject([{ path: ['nodes'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });

  it('is checked for the scope of its type: without logs:read, only the caller itself can be refetched', async () => {
    const weak = await app.key('acme', ['billing:read']);
    const own = await app.graphql<{ viewer: { id: string } }>(weak, '{ viewer { id } }');
    const { data, errors } = await app.graphql(weak, NODES, { ids: [log, own.data.viewer.id] });
    expect(data).toMatchObject({ nodes: [null, { __typename: 'Viewer', id: own.data.viewer.id }] });
    expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('the id of the viewer', () => {
  it('is stable, differs between credentials and organizations, and refetches only the caller itself', async () => {
    const app = await testApp();
    const keys = [await app.key('acme'), await app.key('acme'), await app.key('other')];
    const idOf = async (key: string) =>
      (await app.graphql<{ viewer: { id: string } }>(key, '{ viewer { id } }')).data.viewer.id;
    const ids = await Promise.all(keys.map(idOf));
    expect(new Set(ids).size).toBe(3);
    expect(await Promise.all(keys.map(idOf))).toEqual(ids);
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Viewer { organizationId plan limits { maxPageSize } } } }`;
    for (const [i, key] of keys.entries()) {
      const { data, errors } = await app.graphql<{ nodes: unknown[] }>(key, query, { ids });
      expect(errors).toBeUndefined();
      expect(data.nodes.map((node) => node !== null)).toEqual(keys.map((_, at) => at === i));
      expect(data.nodes[i]).toEqual({
        id: ids[i],
        organizationId: i === 2 ? 'other' : 'acme',
        plan: 'archive',
        limits: { maxPageSize: 100 },
      });
    }
    await app.close();
  });
});
