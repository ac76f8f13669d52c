import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { schema } from '../src/graphql/schema.ts';
import { selectedFields } from '../src/graphql/selected-fields.ts';
import type { Store } from '../src/store/store.ts';
import { ALL_NULLABLE_FIELDS } from './store/samples.ts';
import { type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const FIELDS = Object.keys((schema.getType('RequestLog') as GraphQLObjectType).getFields());

interface Rows {
  readonly requestLogs: { readonly nodes?: object[]; readonly edges?: { readonly node: object }[] };
}

describe('a page reads only the selected fields', () => {
  let app: TestApp;
  let key: string;
  let allFields: Readonly<Record<string, unknown>>;
  let read: unknown;
  beforeAll(async () => {
    const spied: Partial<Store> = {};
    app = await testApp({}, (store) => {
      spied.find = (query, options) => {
        read = query.fields;
        return store.find(query, options);
      };
      return wrapStore(store, () => undefined, spied);
    });
    key = await app.key('acme', SCOPE_NAMES);
    await app.insert({
      ...ALL_NULLABLE_FIELDS,
      path: '/p',
      createdAt: Date.now() - 1,
      requestId: 'r1',
      statusCode: 404,
      durationMs: 7,
      billedUnits: 3,
    });
    app.setNow(Date.now());
    const query = `{ requestLog(requestId: "r1") { ${FIELDS.join(' ')} } }`;
    allFields = (await app.graphql<{ requestLog: Record<string, unknown> }>(key, query)).data.requestLog;
  });
  afterAll(() => app.close());

  it.each(FIELDS)(
    '%s has the same value alone, in each form of selection, as among all fields',
    async (field) => {
      const expected = { [field]: allFields[field] };
      const fragment = `fragment Row on RequestLog { ${field} }`;
      const requested: [string, string?][] = [
        [`nodes { ${field} }`],
        [`edges { node { ${field} } }`],
        [`nodes { ... on RequestLog { ${field} } }`],
        [`nodes { ...Row }`, fragment],
        [`edges { ...Edge }`, `fragment Edge on RequestLogEdge { node { ...Row } } ${fragment}`],
        [`nodes { ${field} @include(if: true) path @skip(if: true) }`],
      ];
      for (const [selection, fragments = ''] of requested) {
        const text = `{ requestLogs(first: 1) { ${selection} } } ${fragments}`;
        // graphql-js answers the first request, the compiled executor the others.
        for (let time = 0; time < 3; time++) {
          const { data, errors } = await app.graphql<Rows>(key, text);
          const { nodes, edges } = data.requestLogs;
          expect({ row: nodes?.[0] ?? edges?.[0]?.node, errors }).toEqual({
            row: expected,
            errors: undefined,
          });
        }
      }
    },
  );

  it('most of these queries were answered by the compiled executor', async () => {
    const metrics = await (await app.request('/metrics')).text();
    const answers = Number(/^relaylog_graphql_compiled_answers_total (\d+)$/m.exec(metrics)![1]);
    expect(answers).toBeGreaterThanOrEqual(FIELDS.length * 6 * 2);
  });

  it('two selections of the same page are merged into one read', async () => {
    const text = `query OperationRequest($also: Boolean!) {
      requestLogs(first: 1) { nodes { method } }
      ... @include(if: $also) { requestLogs(first: 1) { nodes { path } edges { node { traceId } } } }
    }`;
    for (const also of [false, true, false, true]) {
      const { data } = await app.graphql<Rows>(key, text, { also });
      const { method, path, traceId } = allFields;
      expect(data.requestLogs.nodes).toEqual([also ? { method, path } : { method }]);
      expect(data.requestLogs.edges).toEqual(also ? [{ node: { traceId } }] : undefined);
    }
  });

  it('fragments that spread each other repeatedly are visited once', async () => {
    const LEVELS = 40;
    const chain = Array.from(
      { length: LEVELS },
      (_, i) => `fragment F${i} on RequestLogConnection { ...F${i + 1} ... { ...F${i + 1} } }`,
    );
    const document = parse(
      `{ requestLogs { ...F0 } } ${chain.join(' ')} fragment F${LEVELS} on RequestLogConnection { nodes { path } }`,
    );
    const [operation, ...rest] = document.definitions as [
      OperationDefinitionNode,
      ...FragmentDefinitionNode[],
    ];
    const fragments = Object.fromEntries(rest.map((one) => [one.name.value, one]));
    const fieldNodes = operation.selectionSet.selections as readonly FieldNode[];
    expect(selectedFields({ fieldNodes, fragments })).toEqual(['path']);
  });

  it('passes only the selected fields to the store', async () => {
    const fieldsRead = async (selection: string) => {
      await app.graphql(key, `{ requestLogs(first: 1) { ${selection} } }`);
      return read;
    };
    expect(await fieldsRead('nodes { id __typename }')).toEqual([]);
    expect(await fieldsRead('edges { cursor node { outcome path } } nodes { path method }')).toEqual([
      'statusCode',
      'path',
      'method',
    ]);
    expect(await fieldsRead('edges { node { responseBody } } pageInfo { endCursor }')).toEqual([]);
  });
});
