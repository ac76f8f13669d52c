import { seededRandom } from '../support/seeded-random.ts';

/** One request, as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly gzip?: true;
  /** Takes cursors and ids from the answer. */
  readonly learn?: (body: string) => void;
}

export interface Known {
  readonly keys: Readonly<
    Record<
      | 'all'
      | 'reader'
      | 'billing'
      | 'writer'
      | 'other'
      | 'small'
      | 'expired'
      | 'revoked'
      | 'unknown'
      | 'malformed',
      string
    >
  >;
  /** As earlier answers gave them. */
  readonly cursors: Readonly<Record<'graphql' | 'scrip' | 'signa', string[]>>;
  readonly globalIds: string[];
}

const START = Date.UTC(2026, 0, 1);
const INGEST = '/ingest/v1/request-logs';
const random = seededRandom(20_261_124);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
const chance = (share: number) => random() < share;
const number = (below: number) => Math.floor(random() * below);
const some = <T>(all: readonly T[], most: number) =>
  Array.from({ length: 1 + number(most) }, () => pick(all));

function newLog(i: number): object {
  const failed = chance(0.2);
  return {
    createdAt: chance(0.5) ? START + i * 1_000 : new Date(START + i * 1_000).toISOString(),
    ...(chance(0.9) && { requestId: `${chance(0.5) ? 'req_' : ''}r${i}` }),
    method: pick(['GET', 'get', 'POST', 'DELETE', 'PATCH']),
    path: `/v1/things${number(9)}/${i}${chance(0.3) ? '?api_key=secret&limit=5' : ''}`,
    statusCode: failed ? pick([400, 401, 404, 429, 500, 503]) : pick([200, 201, 204]),
    durationMs: chance(0.1) ? null : number(3_000),
    ...(chance(0.8) && { routePattern: `/v1/things${number(9)}/{id}` }),
    ...(chance(0.7) && { authType: 'api_key', apiKeyId: `key_${number(5)}`, apiKeyPrefix: 'sk_live' }),
    ...(chance(0.5) && { endpointType: pick(['read', 'search']), billedUnits: number(4) }),
    ...(failed && { errorType: 'not_found', errorDetail: 'password=hunter2 was wrong' }),
    ...(chance(0.6) && { ipAddress: `203.0.113.${number(50)}`, userAgent: 'curl/8.9.1 token=abc' }),
    ...(chance(0.4) && { traceId: i.toString(16).padStart(32, '0') }),
    ...(chance(0.3) && {
      requestHeaders: { accept: '*/*', authorization: 'Bearer x', 'x-tenant-secret': 'y' },
      requestBody: { name: 'Ada', password: 'p', nested: [{ token: 't' }] },
      responseHeaders: { 'content-type': 'application/json' },
      responseBody: failed ? 'secret=1' : { ok: true, text: 'é€𝒳'.repeat(number(50)) },
    }),
  };
}

/** Some 3,000 logs of two organizations, in every format. */
export function batches({ keys }: Known): SentRequest[] {
  return Array.from({ length: 30 }, (_, i) => {
    const logs = Array.from({ length: 100 }, (_, j) => newLog(i * 100 + j));
    const lines = i % 3 === 0;
    return {
      method: 'POST',
      path: INGEST,
      headers: {
        'x-api-key': i % 4 === 3 ? keys.other : keys.all,
        'content-type': lines ? 'application/x-ndjson' : 'application/json',
      },
      body: lines ? logs.map((log) => JSON.stringify(log)).join('\n') : JSON.stringify(logs),
      ...(i % 2 === 0 && { gzip: true as const }),
    };
  });
}

/** 300 lines in combined format, some of them wrong. */
export function accessLog(): string {
  return Array.from({ length: 300 }, (_, i) => {
    const time = `1${number(9)}/May/2015:10:0${number(6)}:${String(10 + number(49))} +0000`;
    const line = `10.0.0.${number(99)} - - [${time}] "GET /a/${i}?token=x HTTP/1.1" ${pick([200, 404, 500])} ${pick(['-', '12', '34567'])} "-" "curl/8"`;
    return i % 40 === 7 ? line.slice(0, 30) : line;
  }).join('\n');
}

/** Makers of requests: each is called when those before it were answered. */
export function sentRequests(known: Known, count: number): (() => SentRequest)[] {
  const kinds: readonly [weight: number, make: (known: Known) => SentRequest][] = [
    [45, graphql],
    [18, scrip],
    [15, signa],
    [8, ingest],
    [6, operator],
    [8, refused],
  ];
  const makers = kinds.flatMap(([weight, make]) => Array<(known: Known) => SentRequest>(weight).fill(make));
  return Array.from({ length: count }, () => () => pick(makers)(known));
}

const FIELDS: Readonly<Record<string, 'text' | 'integer' | 'time'>> = {
  createdAt: 'time',
  requestId: 'text',
  method: 'text',
  path: 'text',
  statusCode: 'integer',
  durationMs: 'integer',
  routePattern: 'text',
  authType: 'text',
  apiKeyId: 'text',
  apiKeyPrefix: 'text',
  endpointType: 'text',
  errorType: 'text',
  errorDetail: 'text',
  ipAddress: 'text',
  userAgent: 'text',
  billedUnits: 'integer',
  traceId: 'text',
};
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  createdAt: [START, START + 400_000, START + 2_000_000].map((time) => new Date(time).toISOString()),
  requestId: ['r5', 'req_r77', 'nobody'],
  method: ['GET', 'post', 'HEAD'],
  path: ['/v1/things1/1', 'things2', '%', '_'],
  statusCode: [200, 404, 500, 399, 1_000],
  durationMs: [0, 100, 2_999, -1],
  routePattern: ['/v1/things1/{id}', '/nowhere'],
  apiKeyId: ['key_1', 'key_4', 'key_9'],
};

function condition(): object {
  const field = pick(Object.keys(FIELDS));
  const kind = FIELDS[field]!;
  const value = () => pick(VALUES[field] ?? (kind === 'integer' ? [0, 1, 2] : ['api_key', 'read', 'a', 'é']));
  const op = pick([
    'eq',
    'ne',
    'in',
    'notIn',
    ...(kind === 'text' ? ['contains', 'startsWith'] : ['gt', 'gte', 'lt', 'lte']),
  ]);
  const operand =
    op === 'in' || op === 'notIn' ? Array.from({ length: number(4) }, value) : chance(0.1) ? null : value();
  return { [field]: { [op]: operand } };
}

function filter(depth = 0): object {
  const kind = number(10);
  if (depth < 3 && kind === 0) return { and: Array.from({ length: number(3) }, () => filter(depth + 1)) };
  if (depth < 3 && kind === 1) return { or: Array.from({ length: number(3) }, () => filter(depth + 1)) };
  if (depth < 3 && kind === 2) return { not: filter(depth + 1) };
  if (kind === 3) return { outcome: pick(['SUCCESS', 'CLIENT_ERROR', 'SERVER_ERROR']) };
  if (kind === 4) return { search: pick(['things3', 'r12', 'nothing of it']) };
  return { ...condition(), ...(chance(0.3) && condition()) };
}

const LOG_FIELDS = [
  ...Object.keys(FIELDS),
  'id',
  'outcome',
  '__typename',
  'requestHeaders',
  'requestBody',
  'responseBody',
];
const WRONG_DOCUMENTS = [
  '{',
  '{ nothing }',
  '{ requestLogs(first: 1000) { totalCount } }',
  '{ requestLogs { nodes { nothing } } }',
  'query A { __typename } query B { __typename }',
  'mutation { nothing }',
  `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: requestLogs(first: 100) { nodes { path } }`).join(' ')} }`,
  '{ requestLogs(filter: { statusCode: { eq: "x" } }) { totalCount } }',
  '{ requestLogs(first: 1, last: 1) { totalCount } }',
  '{ node(id: "nothing") { id } }',
  '{ __type(name: "RequestLog") { fields { name type { name } } } }',
  '{ __schema { types { name } } }',
  'query Q($first: Int!) { requestLogs(first: $first) { totalCount } }',
];

function document({ globalIds, cursors }: Known): { query: string; variables: object } {
  const fields = some(LOG_FIELDS, 6).join(' ');
  const connection = `${pick(['edges { cursor node { F } } ', 'nodes { F } ', ''])}${pick(['pageInfo { hasNextPage hasPreviousPage startCursor endCursor }', 'totalCount totalCountApproximate', 'pageInfo { endCursor } edges { cursor }'])}`;
  const selection = connection.replaceAll('F', chance(0.3) ? `...Row ... on Node { id }` : fields);
  const fragment = selection.includes('...Row') ? ` fragment Row on RequestLog { ${fields} }` : '';
  const kind = number(12);
  if (kind === 0)
    return {
      query: 'query N($id: ID!) { node(id: $id) { __typename id ... on RequestLog { path requestId } } }',
      variables: { id: pick(globalIds) ?? 'x' },
    };
  if (kind === 1)
    return {
      query: 'query N($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      variables: { ids: some(globalIds, 4).filter((id) => id !== undefined) },
    };
  if (kind === 2)
    return {
      query: 'query R($id: String!) { requestLog(requestId: $id) { path statusCode requestBody } }',
      variables: { id: pick(['r5', 'req_r6', 'r700', 'nobody']) },
    };
  if (kind === 3)
    return {
      query:
        '{ viewer { organizationId plan retentionDays visibleFrom scopes limits { maxPageSize maxQueryDepth queryCost } } }',
      variables: {},
    };
  const backward = chance(0.3);
  const cursor = chance(0.5) ? pick(cursors.graphql) : null;
  return {
    query: `query Q($f: RequestLogFilter, $n: Int, $c: String, $s: RequestLogSort) { requestLogs(filter: $f, ${backward ? 'last: $n, before: $c' : 'first: $n, after: $c'}, sort: $s) { ${selection} } }${fragment}`,
    variables: {
      n: pick([1, 2, 5, 20, 100]),
      c: cursor ?? null,
      ...(chance(0.5) && { f: filter() }),
      ...(chance(0.6) && {
        s: { field: pick(['CREATED_AT', 'DURATION_MS', 'STATUS_CODE']), direction: pick(['ASC', 'DESC']) },
      }),
    },
  };
}

function graphql(known: Known): SentRequest {
  const { keys, cursors, globalIds } = known;
  const { query, variables } = chance(0.1)
    ? { query: pick(WRONG_DOCUMENTS), variables: {} }
    : document(known);
  const headers = {
    'x-api-key': chance(0.85) ? keys.all : pick([keys.reader, keys.billing, keys.other]),
    accept: pick([
      'application/json',
      'application/graphql-response+json',
      '*/*',
      'application/graphql-response+json, application/json;q=0.5',
    ]),
    ...(chance(0.1) && { 'x-request-id': pick(['mine-1', 'not sane!', 'x'.repeat(65)]) }),
    ...(chance(0.1) && { origin: 'https://app.example.com' }),
  };
  const learn = (body: string) => {
    for (const [, cursor] of body.matchAll(/"(?:cursor|endCursor|startCursor)":"([\w-]{72})"/g))
      keep(cursors.graphql, cursor!);
    for (const [, id] of body.matchAll(/"id":"([\w=+/-]{20,})"/g)) keep(globalIds, id!);
  };
  if (chance(0.1)) {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    return { method: 'GET', path: `/graphql?${search}`, headers, learn };
  }
  const wrongType = chance(0.03);
  return {
    method: 'POST',
    path: '/graphql',
    headers: { ...headers, 'content-type': wrongType ? 'text/plain' : 'application/json' },
    body: chance(0.03)
      ? pick(['', '[]', '{"query":1}', 'null', '{"query":"{ __typename }"', `${'['.repeat(200)}`])
      : JSON.stringify({ query, variables }),
    learn,
  };
}

/** The newest 60, so that those of long ago are not all. */
function keep(all: string[], one: string): void {
  if (all.length < 60) all.push(one);
  else all[number(60)] = one;
}

function scrip({ keys, cursors }: Known): SentRequest {
  const key = chance(0.85) ? keys.all : pick([keys.reader, keys.billing, keys.other]);
  const headers = chance(0.5) ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
  if (chance(0.15)) {
    return {
      method: 'GET',
      path: `/v1/logs/${pick(['019b76da-a800-7467-a274-e99c41dd805d', 'nothing', '%20', '019B76DA'])}`,
      headers,
    };
  }
  const search = new URLSearchParams();
  for (const [name, value] of some<readonly [string, string]>(
    [
      ['limit', pick(['1', '5', '100', '0', '101', 'x'])],
      ['sort', pick(['created_at', 'duration_ms', 'status_code', 'nothing'])],
      ['order', pick(['asc', 'desc', 'up'])],
      ['status_min', pick(['400', '99', 'x'])],
      ['status_max', pick(['499', '600'])],
      ['method', pick(['GET', 'post'])],
      ['path', pick(['things1', '%'])],
      ['request_id', 'r5'],
      ['cursor', pick(cursors.scrip) ?? 'no-cursor'],
      ['nothing', '1'],
    ],
    4,
  ))
    search.set(name, value);
  const learn = (body: string) => {
    const [, cursor] = /"next_cursor":"([\w-]{72})"/.exec(body) ?? [];
    if (cursor !== undefined) keep(cursors.scrip, cursor);
  };
  return { method: 'GET', path: `/v1/logs?${search}`, headers, learn };
}

function signa({ keys, cursors }: Known): SentRequest {
  const key = chance(0.85) ? keys.all : pick([keys.reader, keys.billing, keys.other]);
  const headers = { authorization: `Bearer ${key}` };
  if (chance(0.15)) {
    return {
      method: 'GET',
      path: `/v1/organization/logs/${pick(['req_r5', 'r6', 'req_nobody', '%20'])}${pick(['', '?x=1'])}`,
      headers,
    };
  }
  const search = new URLSearchParams({
    from: '2026-01-01',
    to: pick(['2026-01-02', '2026-01-01T00:20:00Z']),
  });
  for (const [name, value] of some<readonly [string, string]>(
    [
      ['limit', pick(['1', '7', '100', '0', '101'])],
      ['status_code', pick(['404', '500', '99', 'x'])],
      ['method', pick(['GET', 'delete'])],
      ['api_key_id', pick(['key_1', 'nokey'])],
      ['q', pick(['things2', 'r12', 'x'.repeat(201)])],
      ['include_total', pick(['true', 'false', 'maybe'])],
      ['cursor', pick(cursors.signa) ?? 'no-cursor'],
      ['from', pick(['yesterday', '2026-01-01T00:10:00Z'])],
    ],
    4,
  ))
    search.set(name, value);
  const learn = (body: string) => {
    const [, cursor] = /"cursor":"([\w-]{72})"/.exec(body) ?? [];
    if (cursor !== undefined) keep(cursors.signa, cursor);
  };
  return { method: 'GET', path: `/v1/organization/logs?${search}`, headers, learn };
}

let ingested = 10_000;
function ingest({ keys }: Known): SentRequest {
  const wrong = [
    { path: '/x' },
    { ...newLog(1), statusCode: 99 },
    { ...newLog(2), traceId: 'x' },
    7,
    null,
    { ...newLog(5), nothing: 1 },
    { ...newLog(3), path: 'x'.repeat(9_000) },
    { ...newLog(4), createdAt: 'yesterday' },
  ];
  const logs = Array.from({ length: 1 + number(4) }, () => (chance(0.3) ? pick(wrong) : newLog(ingested++)));
  const lines = chance(0.3);
  const body = lines ? logs.map((log) => JSON.stringify(log)).join('\n') : JSON.stringify(logs);
  return {
    method: 'POST',
    path: INGEST,
    headers: {
      'x-api-key': chance(0.8) ? keys.all : pick([keys.writer, keys.reader]),
      'content-type': chance(0.06)
        ? 'text/csv'
        : lines
          ? 'application/x-ndjson'
          : 'application/json; charset=utf-8',
    },
    body: chance(0.1)
      ? pick(['', '{}', '[', '[]', JSON.stringify(['x'.repeat(210_000)]), JSON.stringify(Array(501).fill(1))])
      : body,
    ...(chance(0.3) && { gzip: true as const }),
  };
}

function operator({ keys }: Known): SentRequest {
  const [method, path, headers = {}] = pick<readonly [string, string, Record<string, string>?]>([
    ['GET', '/livez'],
    ['GET', '/readyz'],
    ['HEAD', '/livez'],
    ['POST', '/livez'],
    ['GET', '/metrics'],
    ['GET', '/openapi.json'],
    ['GET', '/graphql', { accept: 'text/html' }],
    ['GET', '/'],
    ['GET', '/nowhere?x=1'],
    ['GET', '/v1/nowhere'],
    ['POST', '/v1/logs'],
    ['DELETE', '/v1/logs/x/y'],
    ['PUT', '/v1/organization/logs'],
    ['GET', '/v1/organization/logs/a/b'],
    ['GET', INGEST],
    ['OPTIONS', '/graphql', { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }],
    ['OPTIONS', '/v1/logs', { origin: 'https://other.example.com', 'access-control-request-method': 'GET' }],
    ['HEAD', '/v1/logs?limit=1'],
    ['GET', `/v1/logs?q=${'x'.repeat(20_000)}`],
  ]);
  return { method, path, headers: { 'x-api-key': keys.all, ...headers } };
}

/** Credentials that are no good, and missing scopes. */
function refused({ keys }: Known): SentRequest {
  const key = pick([keys.expired, keys.revoked, keys.unknown, keys.malformed, keys.writer, '']);
  const headers: Record<string, string> =
    key === '' ? {} : chance(0.5) ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
  return pick<SentRequest>([
    { method: 'GET', path: '/v1/logs?limit=1', headers },
    { method: 'GET', path: '/v1/organization/logs?from=2026-01-01&to=2026-01-02', headers },
    {
      method: 'POST',
      path: '/graphql',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"query":"{ viewer { plan } }"}',
    },
    { method: 'POST', path: INGEST, headers: { ...headers, 'content-type': 'application/json' }, body: '[]' },
  ]);
}

/** Six requests to each API that counts them, of an organization that may send three. */
export function tooMany({ keys }: Known): SentRequest[] {
  const headers = { authorization: `Bearer ${keys.small}`, 'content-type': 'application/json' };
  return [
    { method: 'GET', path: '/v1/logs?limit=1', headers },
    { method: 'GET', path: '/v1/organization/logs?from=2026-01-01', headers },
    { method: 'POST', path: INGEST, headers, body: '[]' },
  ].flatMap((sent) => Array.from({ length: 6 }, () => sent));
}
