import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { newApiKey } from '../src/access/api-key.ts';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { MATCH_ALL } from '../src/log/filter.ts';
import { openStore } from '../src/store/open-store.ts';
import { ORGANIZATION, PAGE_ROWS, REQUESTS, type RequestName, withoutVaryingParts } from './http/requests.ts';
import { type Served, serve } from './http/served.ts';

/*
 * Pages a second over HTTP. Each server runs in its own process, and the servers alternate over several rounds. autocannon
 * sends the requests from a separate process. A server is measured only after its response was found equal to the first
 * server's byte for byte, except for cursors and request ids.
 *
 *   node bench/http.ts [--rounds 5] [--seconds 3] [--rows 100000] [--only TEXT] [--mongo mongodb://…/DATABASE]
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    mongo: { type: 'string' },
  },
});
const CONNECTIONS = 10;
/** Warm-up in responses, not seconds: V8 compiles by call count, so slow pages need more time. */
const WARM_UP_RESPONSES = 10_000;
/** The request rate at which the 99th percentile is measured, as a share of the maximum throughput. */
const LOAD = 0.8;
/** A full collection takes about 25 ms once in a minute or two of this load. Within four seconds it alone would be the slowest 1%. */
const TAIL_SECONDS = 10;

interface Contender {
  readonly name: string;
  readonly file: string;
  readonly request: RequestName;
  readonly env: Readonly<Record<string, string>>;
}

interface Figures {
  /** Responses a second. */
  readonly rate: number;
  /** Milliseconds of CPU per response. */
  readonly cpu: number;
  /** Resident memory, MiB. */
  readonly memory: number;
  /** Median milliseconds at `LOAD`, measured from the time when the request was due. */
  readonly median: number;
  /** The 99th percentile at `LOAD`, as a multiple of the median. */
  readonly tail: number;
}

const here = (path: string) => join(import.meta.dirname, path);
const folder = mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], {
  cwd: here('peers'),
  stdio: 'inherit',
});

const rowsFile = join(folder, 'rows.json');
const sqlite = `sqlite:${join(folder, 'bench.db')}`;
const keys = new Map<string, string>();
for (const url of [sqlite, ...(options.mongo === undefined ? [] : [options.mongo])]) await fill(url);

const inMemory = { BENCH_STORE: sqlite, BENCH_ROWS: rowsFile };
const plain = (request: RequestName, env: Contender['env']): Contender => {
  return { name: 'node:http', file: 'http/plain.ts', request, env };
};
/** Servers that do almost nothing: the lower bound of the 99th percentile on this machine. */
const floors: Contender[] = ['loop', 'clock'].map((BENCH_FLOOR) => ({
  name: `a ${BENCH_FLOOR}`,
  file: 'http/floor.ts',
  request: 'page',
  env: { ...inMemory, BENCH_FLOOR },
}));
const relaylog = (request: RequestName, env: Contender['env'], name = 'Relaylog'): Contender => {
  return { name, file: 'http/relaylog.ts', request, env };
};
const peers = (request: RequestName): Contender[] =>
  ['mercurius', 'yoga', 'apollo'].map((name) => ({
    name,
    file: `peers/${name}.mjs`,
    request,
    env: inMemory,
  }));
const stores: [string, string][] = [['SQLite', sqlite]];
if (options.mongo !== undefined) stores.push(['MongoDB', options.mongo]);

/** Groups of servers; within a group, the others are compared with the first. */
const GROUPS: readonly (readonly [string, readonly Contender[]])[] = [
  [
    'GraphQL page from memory',
    [relaylog('page', inMemory), plain('page', inMemory), ...floors, ...peers('page')],
  ],
  [
    'GraphQL page for Relay, a cursor in each row, from memory',
    [relaylog('relay', inMemory), ...peers('relay')],
  ],
  ...stores.flatMap(([name, url]) => [
    group(`GraphQL page from ${name}`, 'page', url),
    group(`Scrip page from ${name}`, 'scrip', url),
    group(`Signa page from ${name}`, 'signa', url),
  ]),
  [
    'Cost of further selections, from SQLite',
    [
      relaylog('rows', { BENCH_STORE: sqlite }, 'rows alone'),
      relaylog('page', { BENCH_STORE: sqlite }, 'both page flags'),
      relaylog('counted', { BENCH_STORE: sqlite }, 'totalCount'),
      relaylog('bodies', { BENCH_STORE: sqlite }, 'headers and bodies'),
    ],
  ],
];

function group(title: string, request: RequestName, url: string): [string, Contender[]] {
  const env = { BENCH_STORE: url };
  const contenders = [relaylog(request, env), plain(request, env)];
  // With shared limits, which are the default here, Relaylog makes one more round trip than the plain server.
  const alone = relaylog(
    request,
    { ...env, RELAYLOG_RATE_LIMIT_BACKEND: 'memory' },
    'Relaylog, limits in memory',
  );
  return [title, url === sqlite ? contenders : [alone, ...contenders]];
}

for (const [title, contenders] of GROUPS) {
  if (title.includes(options.only)) printTable(title, await compare(contenders));
}

async function fill(url: string): Promise<void> {
  const store = await openStore(url, { inline: true });
  const now = Date.now();
  await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: now });
  const requested = { organizationId: ORGANIZATION, scopes: SCOPE_NAMES, expiresAt: null };
  const { key, record } = newApiKey(requested, now);
  await store.createKey(record);
  keys.set(url, key);
  const scope = { organizationId: ORGANIZATION, visibleFrom: null };
  const count = Number(options.rows) - (await store.count(scope, MATCH_ALL, null)).count;
  const logs = demoLogs({ organizationId: ORGANIZATION, count: Math.max(0, count), days: 6, now });
  for (let i = 0; i < logs.length; i += 5_000) await store.insert(logs.slice(i, i + 5_000));
  const query = { scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'desc' } as const;
  writeFileSync(rowsFile, JSON.stringify(await store.find({ ...query, limit: PAGE_ROWS + 1 })));
  await store.close();
}

async function compare(contenders: readonly Contender[]): Promise<Map<string, Figures[]>> {
  const figures = new Map<string, Figures[]>();
  let first: string | undefined;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const contender of contenders) {
      const server = await serve(here(contender.file), contender.env, join(folder, 'server.log'));
      const body = withoutVaryingParts(await send(server, contender));
      first ??= body;
      if (body !== first && contender.request === contenders[0]!.request) {
        throw new Error(`${contender.name} sends a different response: ${body.slice(0, 300)}`);
      }
      const measured = await measure(server, contender);
      figures.set(contender.name, [...(figures.get(contender.name) ?? []), measured]);
      await server.stop();
    }
  }
  return figures;
}

async function send(server: Served, { request, env }: Contender): Promise<string> {
  const { method, path, body } = { body: null, ...REQUESTS[request] };
  const headers = {
    authorization: `Bearer ${keys.get(env.BENCH_STORE!)}`,
    'content-type': 'application/json',
  };
  const response = await fetch(server.url + path, { method, headers, body });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return response.text();
}

async function measure(server: Served, contender: Contender): Promise<Figures> {
  await cannon(server, contender, ['-a', String(WARM_UP_RESPONSES)]);
  const before = server.cpuMs();
  const full = await cannon(server, contender, ['-d', options.seconds]);
  const cpu = (server.cpuMs() - before) / full.requests.total;
  const memory = server.memoryMib();
  const { median, p99 } = await paced(server, contender, full.requests.average * LOAD);
  return { rate: full.requests.average, cpu, memory, median, tail: p99 / median };
}

interface LoadResult {
  readonly requests: { readonly average: number; readonly total: number };
  readonly non2xx: number;
  readonly errors: number;
}

async function cannon(
  server: Served,
  { request, env }: Contender,
  until: readonly string[],
): Promise<LoadResult> {
  const { method, path, body } = { body: undefined, ...REQUESTS[request] };
  const args = ['--json', '-c', String(CONNECTIONS), ...until, '-m', method];
  args.push(
    '-H',
    `authorization=Bearer ${keys.get(env.BENCH_STORE!)}`,
    '-H',
    'content-type=application/json',
  );
  if (body !== undefined) args.push('-b', body);
  const program = here('peers/node_modules/autocannon/autocannon.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, server.url + path], {
    maxBuffer: 1e8,
  });
  const result = JSON.parse(stdout) as LoadResult;
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} responses failed`);
  return result;
}

/** Latency in milliseconds at a constant request rate. */
async function paced(
  { url }: Served,
  { request, env }: Contender,
  rate: number,
): Promise<{ median: number; p99: number }> {
  const key = keys.get(env.BENCH_STORE!)!;
  const requested = { url, key, request, seconds: String(TAIL_SECONDS), rate: String(rate) };
  const args = Object.entries(requested).map(([name, value]) => `--${name}=${value}`);
  const { stdout } = await promisify(execFile)(process.execPath, [here('http/paced.ts'), ...args]);
  return JSON.parse(stdout);
}

function printTable(title: string, figures: ReadonlyMap<string, readonly Figures[]>): void {
  const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
  const rates = [...figures.values()].map((all) => middle(all.map(({ rate }) => rate)));
  const rows = [...figures].map(([name, all], i) => {
    const each = all.map(({ rate }) => Math.round(rate));
    return [
      name,
      Math.round(rates[i]!),
      `${Math.min(...each)} to ${Math.max(...each)}`,
      (rates[0]! / rates[i]!).toFixed(2),
      (middle(all.map(({ cpu }) => cpu)) * 1000).toFixed(0),
      middle(all.map(({ median }) => median)).toFixed(2),
      middle(all.map(({ tail }) => tail)).toFixed(1),
      middle(all.map(({ memory }) => memory)).toFixed(0),
    ].join(' | ');
  });
  console.log(`\n${title}\n
| server | pages a second | lowest to highest | ${[...figures.keys()][0]} / this server | CPU us | median ms at ${LOAD * 100}% | p99 / median | MiB |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}`);
}
