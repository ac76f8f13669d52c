import { setImmediate as nextTurn } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { DEFAULT_RATES } from '../src/config/rate-variables.ts';
import { type GraphQLAnswer, type TestApp, testApp } from './support/app.ts';

/** The rates of a Relaylog that is not configured. */
const RATES = {
  RELAYLOG_GRAPHQL_COST_PER_SECOND: String(DEFAULT_RATES.graphqlPerSecond),
  RELAYLOG_GRAPHQL_BURST_COST: String(DEFAULT_RATES.graphqlBurst),
};
const times = (count: number, text: (i: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, i) => text(i)).join(between);

const apps: TestApp[] = [];
async function started(environment: Record<string, string> = {}): Promise<TestApp> {
  const app = await testApp({ ...RATES, ...environment });
  apps.push(app);
  return app;
}
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly locations?: unknown }[];
}

async function ask(app: TestApp, key: string, query: string, variables?: object) {
  const response = await app.post(key, { query, variables });
  const left = Number(/;r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')![1]);
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: JSON.parse(text) as Body,
    paid: DEFAULT_RATES.graphqlBurst - left,
  };
}

describe('a request that takes long to read', () => {
  const filter = 'query ($f: RequestLogFilter) { requestLogs(filter: $f) { nodes { id } } }';

  it.each<[string, number, string, object?]>([
    ['selects a field 1900 times', 1_800, `{ requestLogs { nodes { ${'id '.repeat(1_900)} } } }`],
    ['selects objects 280 times', 1_800, `{ __typename ${times(280, () => 'viewer{limits{queryCost}}')} }`],
    ['has 1900 unknown fields', 1_800, `{ requestLogs { nodes { ${times(1_900, (i) => `x${i}`)} } } }`],
    ['has 60 tokens', 60, `{ ${'nonsense '.repeat(58)} }`],
    ['has 7000 blank lines', 210, `{ node(id: "x") { id } ${'\n'.repeat(7_000)} }`],
    ['has a mistake at its end', 800, `{ ${'id '.repeat(1_900)} )`],
    [
      'has fragments that spread others',
      800,
      `{ ...F0 } ${times(90, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F90 on Query { __typename }`,
    ],
    ['has 200 KB of blanks', 5_000, `{ nonsense ${' '.repeat(200_000)} }`],
    [
      'has variables of 160 KB',
      4_500,
      filter,
      {
        f: {
          or: times(20_000, () => 'x', ',')
            .split(',')
            .map((search) => ({ search }))
            .slice(0, 11_000),
        },
      },
    ],
    [
      'has 9000 unknown fields in variables',
      8_000,
      filter,
      { f: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`x${i}`, 1])) },
    ],
  ])('and %s pays at least %i, answered or refused', async (_what, least, query, variables) => {
    const app = await started();
    const { paid, text, status } = await ask(app, await app.key('acme'), query, variables);
    expect(paid).toBeGreaterThanOrEqual(least);
    expect(status).toBeLessThan(500);
    expect(text.length).toBeLessThan(20_000);
  });

  it('pays for the length of a query string as well', async () => {
    const app = await started();
    const key = await app.key('acme');
    const query = encodeURIComponent(`{ __typename ${'\n'.repeat(1_500)} }`);
    const { headers } = await app.request(`/graphql?query=${query}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const left = Number(/;r=(\d+)/.exec(headers.get('ratelimit')!)![1]);
    expect(DEFAULT_RATES.graphqlBurst - left).toBeGreaterThanOrEqual(4_500 / 32);
  });

  it('pays before it is validated: of what cannot be paid, nothing is validated', async () => {
    const app = await started({ RELAYLOG_GRAPHQL_BURST_COST: '1000', RELAYLOG_GRAPHQL_MAX_COST: '1000' });
    const { status, body } = await ask(app, await app.key('acme'), `{ ${'nonsense '.repeat(995)} }`);
    expect([status, body.errors!.length]).toEqual([200, 11]);
    const again = await ask(app, await app.key('acme'), `{ ${'nonsense '.repeat(994)} }`);
    expect([again.status, again.body.errors!.length]).toEqual([429, 1]);
  });

  it('states its whole cost where the rest of it cannot be paid, and when it can', async () => {
    const app = await started({
      RELAYLOG_GRAPHQL_COST_PER_SECOND: '100',
      RELAYLOG_GRAPHQL_BURST_COST: '1000',
      RELAYLOG_GRAPHQL_MAX_COST: '1000',
    });
    const key = await app.key('acme');
    const query = `{ requestLogs(first: 1) { nodes { ${'id '.repeat(600)} } } }`;
    const { body } = await ask(app, key, query);
    expect(body.errors).toBeUndefined();
    const refused = (await ask(app, key, `${query} # again`)).body.errors![0]!.message;
    expect(refused).toMatch(/the query costs \d+, and \d+ of 1000 are left\. Try again in \d+ s\.$/);
  });

  it('is refused where reading alone costs more than a query may', async () => {
    const app = await started();
    const ids = Array.from({ length: 12_000 }, () => 'x');
    const { body } = await ask(app, await app.key('acme'), 'query ($i: [ID!]!) { nodes(ids: $i) { id } }', {
      i: ids,
    });
    expect(body.errors![0]!.message).toMatch(
      /^The query costs \d+, and the limit is 10000: .* fewer values in variables\.$/,
    );
  });
});

describe('what no ordinary client sends is refused, with the limit and what was found', () => {
  it.each<[string, string, string]>([
    [
      'a long name',
      `{ ${'x'.repeat(256)}: __typename }`,
      'The query has a name of 256 characters; at most 255 are accepted.',
    ],
    [
      'many operations',
      times(51, (i) => `query Q${i} { __typename }`),
      'The query has 51 operations; at most 50 are accepted.',
    ],
    [
      'long strings',
      `{ requestLog(requestId: "${'x'.repeat(20_001)}") { id } }`,
      'The strings in the query have 20001 characters; at most 20000 are accepted. Send long ones as variables.',
    ],
    [
      'many mistakes',
      `{ ${times(11, (i) => `x${i}`)} }`,
      'The query has more than 10 validation errors; the first 10 are reported.',
    ],
    [
      'fields that conflict',
      '{ a: viewer { plan } a: viewer { plan: organizationId } }',
      'Fields "a.plan" conflict because "plan" and "organizationId" are different fields. Use different aliases on the fields to fetch both if this was intentional.',
    ],
  ])('%s', async (_what, query, message) => {
    const app = await started();
    const { body } = await ask(app, await app.key('acme'), query);
    expect(body.errors!.map((error) => error.message)).toContain(message);
  });

  it('a message that repeats the request is cut short', async () => {
    const app = await started();
    const { body } = await ask(
      app,
      await app.key('acme'),
      `{ requestLogs(first: ${'9'.repeat(50_000)}) { nodes { id } } }`,
    );
    expect(body.errors![0]!.message).toMatch(/^Int cannot represent .{900,1000}…$/);
  });
});

interface Page {
  readonly requestLogs: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly statusCode: number }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

describe('a filter with as many conditions and values as are accepted', () => {
  it.each(['CREATED_AT', 'DURATION_MS', 'STATUS_CODE'])('is answered, sorted by %s', async (sort) => {
    const app = await started();
    const key = await app.key('acme');
    await app.insert(
      { organizationId: 'acme', statusCode: 250 },
      { organizationId: 'acme', statusCode: 500 },
    );
    const codes = { statusCode: { in: Array.from({ length: 100 }, (_, i) => 200 + i) } };
    const query = `query ($f: RequestLogFilter, $after: String) {
      requestLogs(filter: $f, sort: { field: ${sort}, direction: DESC }, after: $after) {
        totalCount nodes { statusCode } pageInfo { hasNextPage endCursor }
      }
    }`;
    for (const conditions of [2, 20, 90]) {
      const f = { and: Array.from({ length: conditions }, () => codes) };
      const found: unknown[] = [];
      // On a slow machine the search can stop, and then goes on.
      for (let after: string | null = null; ; ) {
        const answer: GraphQLAnswer<Page> = await app.graphql(key, query, { f, after });
        expect(answer.errors).toBeUndefined();
        const { totalCount, nodes, pageInfo }: Page['requestLogs'] = answer.data.requestLogs;
        expect(totalCount).toBeLessThanOrEqual(1);
        found.push(...nodes);
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      expect(found).toEqual([{ statusCode: 250 }]);
    }
  });
});

describe('an error tells where in the query it is', () => {
  it.each([
    [
      'of a field',
      '{\n  viewer { plan }\r\n  requestLogs(first: 101) { nodes { id } }\n}',
      { line: 3, column: 3 },
    ],
    ['of validation', '\n\n{ viewer { plan nonsense } }', { line: 3, column: 17 }],
    ['of syntax', '{\n  viewer { plan ) }', { line: 2, column: 17 }],
    [
      'of a variable',
      'query (\n$n: Int) { requestLogs(first: $n) { nodes { id } } }',
      { line: 2, column: 1 },
    ],
  ])('%s', async (_what, query, location) => {
    const app = await started();
    const { body } = await ask(app, await app.key('acme'), query, { n: 'x' });
    expect(body.errors![0]!.locations).toEqual([location]);
  });
});

describe('a query of ordinary size', () => {
  it.each([
    [
      'introspection of GraphiQL',
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true }),
      1_000,
    ],
    ['a page of Relay with 40 fragments', relayPage(40), 3_000],
    ['a page of Relay with 100 rows', relayPage(10, 100), 7_000],
  ])('is answered, and pays no more than its fields cost: %s', async (_what, query, most) => {
    const app = await started();
    const { body, paid } = await ask(app, await app.key('acme', SCOPE_NAMES), query);
    expect(body.errors).toBeUndefined();
    expect(paid).toBeLessThan(most);
  });
});

/** As Relay's compiler prints a page of components: each has a fragment, most read the same few fields. */
function relayPage(fragments: number, first = 10): string {
  const fields = ['path', 'statusCode', 'durationMs', 'createdAt', 'method'];
  return `query PageQuery { requestLogs(first: ${first}) { edges { node { ${times(fragments, (i) => `...Row${i}_log`)} id __typename } cursor } pageInfo { endCursor hasNextPage } } }
    ${times(
      fragments,
      (
        i,
      ) => `fragment Row${i}_log on RequestLog { id __typename ${fields[i % 5]} ${fields[(i + 2) % 5]} ...Cell${i}_log }
    fragment Cell${i}_log on RequestLog { id ${fields[(i + 1) % 5]} }`,
    )}`;
}

describe('an organization that floods the server with the most expensive queries', () => {
  const CONNECTIONS = 16;
  const FLOODS: Readonly<Record<string, (i: number) => string>> = {
    'valid ones': (i) => `{ a${i}: __typename ${'viewer{limits{queryCost}} '.repeat(280)} }`,
    'refused ones': (i) => `{ a${i}: requestLogs { nodes { ${'id '.repeat(1_900)} } } }`,
    'wrong ones': (i) => `{ ${times(1_900, (at) => `a${i}x${at}`)} }`,
  };

  it.each(Object.keys(FLOODS))(
    'is soon answered 429, and another one is answered at once: %s',
    async (kind) => {
      const app = await started();
      const [flooding, other] = [await app.key('acme'), await app.key('globex')];
      let [sent, answers, refused, goesOn] = [0, 0, 0, true];
      const flood = async () => {
        while (goesOn) {
          const { status } = await ask(app, flooding, FLOODS[kind]!(sent++));
          answers += 1;
          if (status === 429) refused += 1;
          await nextTurn();
        }
      };
      const clients = Array.from({ length: CONNECTIONS }, flood);
      while (refused === 0) await nextTurn();
      const before429 = answers;
      // No client waits for more than a few answers of each connection of the other organization.
      const overtaken: number[] = [];
      for (let i = 0; i < 5; i++) {
        const before = answers;
        const { status } = await ask(app, other, `{ requestLogs(first: 1) { nodes { id path } } } # ${i}`);
        overtaken.push(answers - before);
        expect(status).toBe(200);
      }
      goesOn = false;
      await Promise.all(clients);
      expect(before429).toBeLessThan(60_000 / 1_300 + CONNECTIONS);
      expect(Math.max(...overtaken)).toBeLessThan(CONNECTIONS * 8);
    },
  );
});
