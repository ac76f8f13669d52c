import { afterAll, beforeAll, expect, it } from 'vitest';
import { boundsOf, fieldOf, LOG_FIELDS, type LogField, TEXT_LENGTH } from '../src/log/fields.ts';
import { INGEST_FIELDS } from '../src/log/new-log.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

/*
 * End-to-end tests of each field in the table: ingest stores it, bounds it and redacts it, GraphQL returns it and filters by it.
 */
let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await testApp();
  key = await app.key('acme');
});
afterAll(() => app.close());

const CREATED_AT = new Date(TEST_NOW - 60_000).toISOString();
const REQUIRED = { createdAt: CREATED_AT, method: 'GET', path: '/v1/things', statusCode: 200 };

/** A value that differs from those of all other fields and from the default, in the form that APIs send and return. */
function sampleValue(name: LogField): string | number {
  const { kind, format } = fieldOf(name);
  if (kind === 'time') return CREATED_AT;
  if (kind === 'integer' || kind === 'safeInteger')
    return boundsOf(fieldOf(name)).max - LOG_FIELDS.indexOf(name);
  if (format === 'httpMethod') return 'PATCH';
  if (format === 'traceId') return 'ab'.repeat(16);
  return format === 'requestId' ? 'req_every-field' : `a ${name}`;
}

const send = async (log: object) => {
  const response = await app.post(key, [log], {}, '/ingest/v1/request-logs');
  return (await response.json()) as { stored: number; rejected: { reason: string }[] };
};

const find = async (filter: object, fields = 'requestId') => {
  const query = `query Q($filter: RequestLogFilter) { requestLogs(filter: $filter) { nodes { ${fields} } } }`;
  const { data, errors } = await app.graphql<{ requestLogs: { nodes: Record<string, unknown>[] } }>(
    key,
    query,
    { filter },
  );
  expect(errors).toBeUndefined();
  return data.requestLogs.nodes;
};

it('every sent field is stored and returned, and filters find the log by it', async () => {
  const sent = Object.fromEntries(INGEST_FIELDS.map((name) => [name, sampleValue(name)]));
  expect(await send(sent)).toMatchObject({ stored: 1 });
  expect(await send({ ...REQUIRED, requestId: 'bare' })).toMatchObject({ stored: 1 });
  const [shown] = await find({ requestId: { eq: 'every-field' } }, LOG_FIELDS.join(' '));
  expect(shown).toMatchObject(sent);
  const [bare] = await find({ requestId: { eq: 'bare' } }, LOG_FIELDS.join(' '));
  for (const name of INGEST_FIELDS) {
    const value = sampleValue(name);
    const found = await find({ [name]: { eq: value }, method: { eq: 'PATCH' } });
    expect([name, found]).toEqual([name, [{ requestId: 'req_every-field' }]]);
    if (!fieldOf(name).nullable) continue;
    expect([name, bare![name]]).toEqual([name, null]);
    expect([name, await find({ [name]: { eq: null } })]).toEqual([name, [{ requestId: 'req_bare' }]]);
  }
});

it.each(LOG_FIELDS.filter((name) => fieldOf(name).kind === 'text' && fieldOf(name).format === undefined))(
  'limits the length of %s',
  async (name) => {
    const { maxLength = TEXT_LENGTH.short } = fieldOf(name);
    const log = { ...REQUIRED, requestId: `long-${name}` };
    const [{ reason }] = (await send({ ...log, [name]: 'x'.repeat(maxLength + 1) })).rejected as [
      { reason: string },
    ];
    expect(reason).toBe(`${name} must be at most ${maxLength} characters`);
    expect(await send({ ...log, [name]: 'x'.repeat(maxLength) })).toMatchObject({ stored: 1 });
  },
);

it.each(LOG_FIELDS.filter((name) => ['integer', 'safeInteger'].includes(fieldOf(name).kind)))(
  'limits the range of %s',
  async (name) => {
    const { min, max } = boundsOf(fieldOf(name));
    for (const wrong of [min - 1, max + 1, min + 0.5]) {
      const { rejected } = await send({ ...REQUIRED, requestId: `wrong-${name}`, [name]: wrong });
      expect(rejected[0]!.reason).toMatch(new RegExp(`^${name} must be`));
    }
  },
);

it.each(LOG_FIELDS.filter((name) => fieldOf(name).redact !== undefined))(
  'removes secrets from %s',
  async (name) => {
    const text = `/v1/things?api_key=s3cr3t-${name}`;
    await send({ ...REQUIRED, requestId: `secret-${name}`, [name]: text });
    const [shown] = await find({ requestId: { eq: `secret-${name}` } }, name);
    expect(shown![name]).toBe('/v1/things?api_key=[REDACTED]');
  },
);

it('rejects the fields that the gateway sets', async () => {
  for (const name of LOG_FIELDS.filter((field) => fieldOf(field).setByGateway)) {
    const { rejected } = await send({ ...REQUIRED, [name]: sampleValue(name) });
    expect(rejected[0]!.reason).toMatch(`unknown field "${name}"`);
  }
});
