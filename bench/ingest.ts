import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { relaylog, type Serving, serving, workFolder } from '../test/support/cli.ts';
import { HIGH_LIMITS } from '../test/support/with-high-limits.ts';

/*
 * Ingest into SQLite with all its indexes: through the store, compared with plain node:sqlite statements; through the HTTP
 * endpoint; and the latency of pages during ingest. Each runs in its own process, alternating over several rounds.
 *
 *   node bench/ingest.ts [--rounds 3] [--rows 500000] [--deep 1000000]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '500000' },
    deep: { type: 'string', default: '1000000' },
  },
});
const rounds = Number(values.rounds);
const HTTP_LOGS = 100_000;
const CLIENTS = 8;

interface Stored {
  readonly rate: number;
  readonly curve: readonly number[];
}

/** Runs a script of this folder in its own process and parses the JSON that it prints. */
async function run<T>(name: string, options: Record<string, string | number>): Promise<T> {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const args = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  return JSON.parse(stdout);
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const spread = (numbers: readonly number[]) =>
  `${median(numbers)} (${Math.min(...numbers)} to ${Math.max(...numbers)})`;

async function throughTheStore(): Promise<void> {
  console.log(
    `Through the store, 0 to ${values.rows} rows: median of ${rounds} rounds, lowest and highest\n`,
  );
  console.log(
    '| logs a batch | ours, logs a second | plain node:sqlite | ours / plain |\n| --- | --- | --- | --- |',
  );
  for (const batch of [5_000, 20_000]) {
    const rates: Record<string, number[]> = { ours: [], plain: [] };
    for (let round = 0; round < rounds; round++) {
      for (const target of ['ours', 'plain']) {
        const { rate } = await run<Stored>('ingest-store.ts', { target, batch, rows: values.rows });
        rates[target]!.push(rate);
      }
    }
    const [ours, plain] = [rates.ours!, rates.plain!];
    console.log(
      `| ${batch} | ${spread(ours)} | ${spread(plain)} | ${(median(ours) / median(plain)).toFixed(2)} |`,
    );
  }
  console.log(`\nLogs a second for each 100,000 rows in order, batches of 20000, one run each\n`);
  const deep = { batch: 20_000, rows: values.deep };
  for (const target of ['ours', 'plain']) {
    const { curve } = await run<Stored>('ingest-store.ts', { target, ...deep });
    console.log(`${target}: ${curve.join(' ')}`);
  }
}

async function withRollUps(): Promise<void> {
  console.log(`\nThrough the store with roll-ups, batches of 5000, 0 to ${values.rows} rows\n`);
  console.log('| roll-ups | logs a second |\n| --- | --- |');
  const kinds = ['none', 'marked', 'built'];
  const rates = kinds.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, kind] of kinds.entries()) {
      const options = { target: 'ours', batch: 5_000, rows: values.rows, 'roll-ups': kind };
      rates[i]!.push((await run<Stored>('ingest-store.ts', options)).rate);
    }
  }
  for (const [i, kind] of kinds.entries()) console.log(`| ${kind} | ${spread(rates[i]!)} |`);
}

async function throughHttp(server: Serving, key: string): Promise<void> {
  console.log(`\nThrough HTTP, ${CLIENTS} clients in a separate process, ${HTTP_LOGS} logs a run\n`);
  console.log('| body | logs a batch | logs a second | response, median ms |\n| --- | --- | --- | --- |');
  const cases = [
    { format: 'ndjson', batch: 5_000 },
    { format: 'json', batch: 5_000 },
    { format: 'ndjson', batch: 100 },
  ];
  const found = cases.map(() => ({ rates: [] as number[], answers: [] as number[] }));
  let from = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of cases.entries()) {
      const options = { ...one, from, logs: HTTP_LOGS, clients: CLIENTS, url: server.url, key };
      const { rate, responseTimeoutMs } = await run<{ rate: number; responseTimeoutMs: number }>(
        'ingest-client.ts',
        options,
      );
      found[i]!.rates.push(rate);
      found[i]!.answers.push(Math.round(responseTimeoutMs));
      from += HTTP_LOGS;
    }
  }
  cases.forEach(({ format, batch }, i) => {
    const { rates, answers } = found[i]!;
    console.log(`| ${format} | ${batch} | ${spread(rates)} | ${median(answers)} |`);
  });
}

async function pagesDuringIngest(server: Serving, key: string): Promise<void> {
  console.log('\nGraphQL pages of 100 during ingest, one client\n');
  console.log(
    '| concurrent load | median ms | 99th percentile ms | ingest, logs a second |\n| --- | --- | --- | --- |',
  );
  const seconds = 6;
  const pages = () =>
    run<{ median: number; p99: number }>('page-client.ts', { url: server.url, key, seconds });
  let from = 10_000_000;
  for (let round = 0; round < rounds; round++) {
    const quiet = await pages();
    console.log(`| nothing | ${quiet.median} | ${quiet.p99} | |`);
    const logs = 300_000;
    const ingest = run<{ rate: number }>('ingest-client.ts', { from, logs, url: server.url, key });
    from += logs;
    // The ingest client prepares its bodies first.
    await new Promise((later) => setTimeout(later, 3_000));
    const busy = await pages();
    console.log(`| ingest | ${busy.median} | ${busy.p99} | ${(await ingest).rate} |`);
  }
}

console.log(`Ingest into SQLite; ${availableParallelism()} cores\n`);
await throughTheStore();
await withRollUps();
const folder = workFolder();
const environment = { ...HIGH_LIMITS, RELAYLOG_LOG_LEVEL: 'error' };
const options = { folder, environment };
await relaylog(['orgs', 'create', 'bench', '--plan', 'archive'], options);
const scopes = ['--scopes', 'logs:read,logs:sensitive,logs:write', '--json'];
const { key } = JSON.parse((await relaylog(['keys', 'create', '--org', 'bench', ...scopes], options)).out);
const server = await serving(options);
await throughHttp(server, key);
await pagesDuringIngest(server, key);
await server.stop();
rmSync(folder, { recursive: true });
