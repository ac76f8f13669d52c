import {
  type GraphQLDirective,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../src/graphql/schema.ts';
import { type TestApp, testApp } from './support/app.ts';

/** Names of fields, arguments, input fields, enum values and directives, without the names of types. */
const NAMES = new Set<string>();
for (const type of Object.values(schema.getTypeMap()).filter((one) => !isIntrospectionType(one))) {
  if (isObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      for (const { name } of [field, ...field.args]) NAMES.add(name);
    }
  }
  if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) NAMES.add(name);
  if (isEnumType(type)) for (const { name } of type.getValues()) NAMES.add(name);
}
for (const { name, args } of schema.getDirectives() as GraphQLDirective[]) {
  for (const one of [name, ...args.map((arg) => arg.name)]) NAMES.add(one);
}
const words = (text: string) => new Set(text.match(/\w+/g));
const misspelled = (name: string) => `${name}x`;

/** Requests with one misspelled or missing name each. */
function requests(): { query: string; variables?: object }[] {
  const names = [...NAMES].map(misspelled);
  return [
    ...names.map((name) => ({
      query: `{ ${name} viewer { ${name} } requestLogs { ${name} nodes { ${name} } } }`,
    })),
    ...names.map((name) => ({
      query: `{ requestLogs(${name}: 1) { nodes { id } } requestLog(${name}: 1) { id } }`,
    })),
    ...names.map((name) => ({ query: `{ viewer @${name} { plan @skip(${name}: true) } }` })),
    ...names.map((name) => ({
      query: `{ requestLogs(filter: { ${name}: 1 }, sort: { ${name}: 1 }) { __typename } }`,
    })),
    ...names.map((name) => ({
      query: `{ requestLogs(filter: { outcome: ${name}, statusCode: { ${name}: 1 } }, sort: { field: ${name}, direction: ${name} }) { __typename } }`,
    })),
    ...names.map((name) => ({ query: `query ($a: ${name}) { ... on ${name} { __typename } }` })),
    ...names.flatMap((name) =>
      [
        { filter: { [name]: 1 } },
        { filter: { outcome: name } },
        { sort: { [name]: 1 } },
        { sort: { field: name } },
      ].map((variables) => ({
        query:
          'query ($filter: RequestLogFilter, $sort: RequestLogSort) { requestLogs(filter: $filter, sort: $sort) { __typename } }',
        variables,
      })),
    ),
    { query: '{ requestLog { id } node { id } nodes { id } }' },
    { query: '{ requestLogs(sort: {}) { __typename } viewer @skip { plan } }' },
    {
      query: 'query ($sort: RequestLogSort) { requestLogs(sort: $sort) { __typename } }',
      variables: { sort: {} },
    },
    { query: '{ requestLogs viewer }' },
    { query: '{ viewer { plan { id } } }' },
    { query: '{ node(id: "x") { plan } }' },
  ];
}

describe('with introspection off', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp({ RELAYLOG_GRAPHQL_INTROSPECTION: 'off' });
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  it('no error suggests or names what the request does not contain, except types', async () => {
    const leaks: string[] = [];
    const types = new Set(Object.keys(schema.getTypeMap()));
    for (const { query, variables } of requests()) {
      const { errors = [] } = await app.graphql(key, query, variables);
      if (errors.length === 0) leaks.push(`no error: ${query}`);
      const sent = words(query + JSON.stringify(variables ?? {}));
      for (const { message } of errors) {
        if (message.includes('Did you mean')) leaks.push(message);
        // Names that are words of the messages themselves do not tell anything.
        const quoted = [...message.matchAll(/"([^"]*)"/g)].flatMap(([, text]) => [...words(text!)]);
        for (const name of quoted) {
          if (NAMES.has(name) && !sent.has(name) && !types.has(name)) leaks.push(`${name}: ${message}`);
        }
      }
    }
    expect(leaks).toEqual([]);
  });

  it('messages still say what was wrong', async () => {
    const message = async (query: string, variables?: object) =>
      (await app.graphql(key, query, variables)).errors![0]!.message;
    expect(await message('{ viewer { plans } }')).toBe('Cannot query field "plans" on type "Viewer".');
    expect(await message('{ requestLog { id } }')).toBe(
      'A required argument of "Query.requestLog" was not provided.',
    );
  });
});

describe('with introspection on', () => {
  it('errors suggest names', async () => {
    const app = await testApp();
    const { errors } = await app.graphql(await app.key('acme'), '{ viewer { plans } }');
    expect(errors![0]!.message).toBe('Cannot query field "plans" on type "Viewer". Did you mean "plan"?');
    await app.close();
  });
});
