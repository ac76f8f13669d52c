import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { normalizer } from './normalize.ts';
import { accessLog, batches, type Known, type SentRequest, sentRequests, tooMany } from './requests.ts';

/*
 * Records what a checkout answers to 2,000 generated requests over every endpoint: status, headers and body, less what
 * differs from one run to the next. Two records are compared by compare.ts.
 *
 *   node test/replay/record.ts CHECKOUT OUT.ndjson
 */
const [checkout, out] = process.argv.slice(2).map((path) => resolve(path)) as [string, string];
const folder = mkdtempSync(join(tmpdir(), 'relaylog-replay-'));
const plans = {
  wide: {
    retentionDays: null,
    limits: Object.fromEntries(
      ['scripPerSecond', 'scripBurst', 'signaPerMinute', 'graphqlPerSecond', 'graphqlBurst'].map((name) => [
        name,
        1_000_000_000,
      ]),
    ),
  },
  narrow: {
    retentionDays: null,
    limits: { scripPerSecond: 1, scripBurst: 3, signaPerMinute: 3, ingestPerSecond: 1, ingestBurst: 3 },
  },
};
const env = {
  ...process.env,
  PORT: '0',
  RELAYLOG_STORE_URL: `sqlite:${join(folder, 'store.db')}`,
  // Until demo logs had to be requested.
  RELAYLOG_DEMO: 'off',
  RELAYLOG_PLANS: JSON.stringify(plans),
  RELAYLOG_CORS_ORIGINS: 'https://app.example.com',
  RELAYLOG_LOG_LEVEL: 'error',
  RELAYLOG_INGEST_MAX_BYTES: '200000',
  RELAYLOG_INGEST_MAX_LOGS: '500',
  // By its name before and after the variables were renamed.
  RELAYLOG_REDACT: 'X-Tenant-Secret',
  RELAYLOG_REDACT_NAMES: 'X-Tenant-Secret',
};
const command = (...args: string[]) =>
  execFileSync(process.execPath, [join(checkout, 'src/cli/relaylog.ts'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
const newKey = (organization: string, scopes: string, ...more: string[]) =>
  JSON.parse(command('keys', 'create', '--org', organization, '--scopes', scopes, '--json', ...more)) as {
    id: string;
    key: string;
  };

for (const [id, plan] of [
  ['acme', 'wide'],
  ['globex', 'wide'],
  ['small', 'narrow'],
  ['site', 'wide'],
])
  command('orgs', 'create', id!, '--plan', plan!);
const revoked = newKey('acme', 'logs:read');
command('keys', 'revoke', revoked.id);
const known: Known = {
  keys: {
    all: newKey('acme', 'logs:read,logs:sensitive,logs:write,billing:read').key,
    reader: newKey('acme', 'logs:read').key,
    billing: newKey('acme', 'billing:read').key,
    writer: newKey('acme', 'logs:write').key,
    other: newKey('globex', 'logs:read,logs:sensitive,logs:write,billing:read').key,
    small: newKey('small', 'logs:read,logs:write,billing:read').key,
    expired: newKey('acme', 'logs:read', '--expires', new Date(Date.now() + 1_500).toISOString()).key,
    revoked: revoked.key,
    unknown: `rlk_${'A'.repeat(43)}`,
    malformed: 'no key',
  },
  cursors: { graphql: [], scrip: [], signa: [] },
  globalIds: [],
};
const log = join(folder, 'access.log');
writeFileSync(log, accessLog());
const imported = command('import', log, '--org', 'site', '--format', 'combined', '--json');

const server = spawn(process.execPath, [join(checkout, 'src/cli/relaylog.ts'), 'serve'], {
  cwd: folder,
  env,
});
server.stderr.pipe(process.stderr);
const url = await new Promise<string>((listening) => {
  let text = '';
  server.stdout.on('data', (chunk) => {
    text += chunk;
    const [, found] = /answers on (http:\S+)/.exec(text) ?? [];
    if (found !== undefined) listening(found);
  });
});

interface Answered {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** As it is sent and answered: fetch would add and decode. */
function send({ method, path, headers, body, gzip }: SentRequest): Promise<Answered> {
  return new Promise((answered, failed) => {
    const bytes = body === undefined ? undefined : gzip ? gzipSync(body) : Buffer.from(body);
    const sent = request(
      `${url}${path}`,
      {
        method,
        headers: {
          ...headers,
          ...(gzip && { 'content-encoding': 'gzip' }),
          ...(bytes && { 'content-length': bytes.length }),
        },
      },
      async (response) => {
        const raw = await buffer(response);
        const plain = response.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        answered({ status: response.statusCode!, headers: response.headers, body: plain.toString() });
      },
    );
    sent.on('error', failed);
    sent.end(bytes);
  });
}

const normalize = normalizer({ folder, url });
const lines: string[] = [JSON.stringify({ imported: normalize(imported) })];
await new Promise((later) => setTimeout(later, 2_000)); // The key of `expired` has expired.
const record = async (sent: SentRequest) => {
  const { status, headers, body } = await send(sent);
  sent.learn?.(body);
  const shown = { ...sent, path: decoded(sent.path) };
  const answer = {
    status,
    headers: Object.fromEntries(
      Object.entries(headers)
        .sort()
        .map(([name, value]) => [name, normalize.header(name, String(value))]),
    ),
    body: normalize(body),
  };
  if (path(sent) === '/metrics') Object.assign(answer, { headers: {}, body: '' });
  lines.push(normalize(JSON.stringify({ request: shown, answer })));
};
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const path = ({ path: asked }: SentRequest) => asked.split('?')[0];

for (const batch of batches(known)) await record(batch);
for (const sent of tooMany(known)) await record(sent);
for (const next of sentRequests(known, 2_000)) await record(next());
server.kill();
writeFileSync(out, `${lines.join('\n')}\n`);
console.log(`${lines.length} answers in ${out}`);
