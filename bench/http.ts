import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { newApiKey } from '../src/access/api-key.ts';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { openStore } from '../src/store/open-store.ts';
import { ORGANIZATION, PAGE_ROWS, QUESTIONS, type Question } from './http/question.ts';

/*
 * Pages a second over HTTP, each server in its own process, interleaved over several rounds; autocannon asks, in a
 * process of its own. A server is measured only after its bytes were found equal to the first one's of its group.
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
  },
});
const here = (path: string) => join(import.meta.dirname, path);
const folder = mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
if (!process.env.RELAYLOG_BENCH_INSTALLED) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], {
    cwd: here('peers'),
  });
}

const storeUrl = `sqlite:${join(folder, 'bench.db')}`;
const key = await fill();
const rowsFile = join(folder, 'rows.json');

async function fill(): Promise<string> {
  const store = await openStore(storeUrl, { inline: true });
  const now = Date.now();
  await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: now });
  const { key, record } = newApiKey(
    { organizationId: ORGANIZATION, scopes: SCOPE_NAMES, expiresAt: null },
    now,
  );
  await store.createKey(record);
  const logs = demoLogs({ organizationId: ORGANIZATION, count: Number(options.rows), days: 30, now });
  for (let i = 0; i < logs.length; i += 5_000) await store.insert(logs.slice(i, i + 5_000));
  const page = await store.find({
    scope: { organizationId: ORGANIZATION, visibleFrom: null },
    filter: { op: 'and', filters: [] },
    sort: 'createdAt',
    direction: 'desc',
    limit: PAGE_ROWS + 1,
  });
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(page));
  await store.close();
  return key;
}

interface Server {
  readonly name: string;
  readonly file: string;
  /** Rows in memory. */
  readonly memory: boolean;
  readonly path: string;
  readonly question: Question | null;
}

const relaylog = (name: string, memory: boolean, question: Question): Server => ({
  name,
  file: 'http/relaylog.ts',
  memory,
  path: '/graphql',
  question,
});
const peer = (name: string, question: Question): Server => ({
  name,
  file: `peers/${name}.mjs`,
  memory: true,
  path: '',
  question,
});

const GROUPS: Record<string, Server[]> = {
  'page from memory': [
    { name: 'node:http', file: 'http/plain.ts', memory: true, path: '/', question: 'page' },
    relaylog('relaylog', true, 'page'),
    peer('mercurius', 'page'),
    peer('yoga', 'page'),
    peer('apollo', 'page'),
  ],
  'page for Relay, with cursors, from memory': [
    relaylog('relaylog', true, 'relay'),
    peer('mercurius', 'relay'),
    peer('yoga', 'relay'),
    peer('apollo', 'relay'),
  ],
  'page from SQLite': [
    { name: 'node:http', file: 'http/plain.ts', memory: false, path: '/', question: 'page' },
    relaylog('relaylog', false, 'page'),
  ],
};

interface Figures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly rss: number;
}

async function started({ file, memory }: Server) {
  const child = spawn(process.execPath, [here(file)], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      BENCH_STORE: storeUrl,
      ...(memory ? { BENCH_ROWS: rowsFile } : {}),
    },
    stdio: ['ignore', 'pipe', openSync(join(folder, 'server.log'), 'a')],
  });
  const [url] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { child, url };
}

function cannon(url: string, server: Server, seconds: number): Figures & { non2xx: number } {
  const out = execFileSync(
    process.execPath,
    [
      here('peers/node_modules/autocannon/autocannon.js'),
      '--json',
      '-c',
      '10',
      '-d',
      String(seconds),
      '-m',
      'POST',
      '-H',
      `authorization=Bearer ${key}`,
      '-H',
      'content-type=application/json',
      '-b',
      QUESTIONS[server.question!],
      url + server.path,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e8 },
  );
  const result = JSON.parse(String(out));
  return {
    rate: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpu: 0,
    rss: 0,
    non2xx: result.non2xx + result.errors,
  };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

for (const [group, servers] of Object.entries(GROUPS)) {
  if (options.only !== '' && !group.includes(options.only)) continue;
  const figures = new Map<string, Figures[]>();
  let reference: string | undefined;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const server of servers) {
      const { child, url } = await started(server);
      const answer = await fetch(url + server.path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: QUESTIONS[server.question!],
      });
      const text = (await answer.text())
        .replaceAll(/"((?:end|start)?[cC]ursor)":"[\w-]+"/g, '"$1":"…"')
        .trim();
      reference ??= text;
      if (text !== reference)
        throw new Error(
          `${server.name} says something else: ${text.slice(0, 500)}\n${reference.slice(0, 500)}`,
        );
      cannon(url, server, 2);
      const result = cannon(url, server, Number(options.seconds));
      if (result.non2xx > 0) throw new Error(`${server.name}: ${result.non2xx} failed`);
      figures.set(server.name, [...(figures.get(server.name) ?? []), result]);
      child.kill();
      await once(child, 'exit');
    }
  }
  console.log(`\n### ${group}\n`);
  for (const [name, all] of figures) {
    const rates = all.map(({ rate }) => rate);
    console.log(
      name.padEnd(12),
      median(rates).toFixed(0).padStart(7),
      `${Math.min(...rates).toFixed(0)}-${Math.max(...rates).toFixed(0)}`,
      'p99',
      median(all.map((f) => f.p99)),
    );
  }
}
