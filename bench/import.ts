import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { ended, relaylog, serving, startRelaylog, workFolder } from '../test/support/cli.ts';
import { HIGH_LIMITS } from '../test/support/with-high-limits.ts';
import { measuredProcess } from './http/served.ts';
import { writeLogFiles } from './log-files.ts';

/*
 * `relaylog import` of NDJSON and of an access log, and `relaylog copy`, beside HTTP ingest of the same logs, on SQLite. Each
 * begins with an empty store. The commands are measured from the start to the end of their process; HTTP ingest from the
 * first request to the last response, with its client in a process of its own, whose CPU time is not counted.
 *
 *   node bench/import.ts [--logs 100000] [--rounds 3] [--batch 20000] [--clients 4]
 */
const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    batch: { type: 'string', default: '20000' },
    clients: { type: 'string', default: '4' },
  },
});
const [logs, rounds] = [Number(values.logs), Number(values.rounds)];

interface Measured {
  /** Logs a second. */
  readonly rate: number;
  /** CPU time of all threads for each log, in microseconds. */
  readonly cpu: number;
  /** Peak resident memory, MiB. */
  readonly peak: number;
}

const environment = { ...HIGH_LIMITS, RELAYLOG_LOG_LEVEL: 'error', RELAYLOG_INGEST_MAX_LOGS: '100000' };
const CLIENT = fileURLToPath(new URL('ingest-client.ts', import.meta.url));

async function folderWithOrganization(): Promise<string> {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'bench', '--plan', 'archive'], { folder });
  return folder;
}

/** Sends a file of NDJSON to a new server. */
async function http(folder: string, file: string): Promise<Measured> {
  const options = { folder, environment, demo: false };
  const scopes = ['--scopes', 'logs:write', '--json'];
  const { key } = JSON.parse((await relaylog(['keys', 'create', '--org', 'bench', ...scopes], options)).out);
  const server = await serving(options);
  const served = measuredProcess(server.child);
  const before = served.cpuMs();
  const { batch, clients } = values;
  const of = { url: server.url, key, file, logs, batch, clients };
  const args = Object.entries(of).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout } = await promisify(execFile)(process.execPath, [CLIENT, ...args]);
  const measured = {
    rate: JSON.parse(stdout).rate,
    cpu: ((served.cpuMs() - before) * 1000) / logs,
    peak: peakMemory(server.child.pid!),
  };
  await server.stop();
  return measured;
}

/** Runs a command and checks that it stored all logs. */
async function command(
  folder: string,
  args: string[],
  storedIn: (output: string) => number,
): Promise<Measured> {
  const started = performance.now();
  const child = startRelaylog([...args, '--json'], { folder, environment });
  const running = measuredProcess(child);
  let [cpuMs, peak] = [0, 0];
  const poll = setInterval(() => {
    try {
      [cpuMs, peak] = [running.cpuMs(), peakMemory(child.pid!)];
    } catch {
      // The process has just ended.
    }
  }, 20);
  const { out, err } = await ended(child);
  const ms = performance.now() - started;
  clearInterval(poll);
  if (storedIn(out) !== logs) throw new Error(`${args.join(' ')}: ${out} ${err}`);
  return { rate: (logs / ms) * 1000, cpu: (cpuMs * 1000) / logs, peak };
}

/** @throws Error if the process has ended. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

async function importFile(file: string, format: string): Promise<Measured> {
  const folder = await folderWithOrganization();
  const args = ['import', file, '--org', 'bench', '--format', format];
  const measured = await command(folder, args, (out) => JSON.parse(out).stored);
  rmSync(folder, { recursive: true });
  return measured;
}

/** The pairs of a command and HTTP ingest of the same logs. */
async function round(): Promise<Record<string, readonly [ours: Measured, http: Measured]>> {
  let folder = await folderWithOrganization();
  const sent = await http(folder, files.ndjson);
  const importNdjson = await importFile(files.ndjson, 'ndjson');
  const copyTo = ['copy', '--from', 'sqlite:./data/relaylog.db', '--to', 'sqlite:./copy.db'];
  const copied = await command(folder, copyTo, (out) => JSON.parse(out)[0].stored);
  rmSync(folder, { recursive: true });
  folder = await folderWithOrganization();
  const sentCombined = await http(folder, files.combinedAsNdjson);
  rmSync(folder, { recursive: true });
  const importCombined = await importFile(files.combined, 'combined');
  return {
    'import of NDJSON': [importNdjson, sent],
    'import of combined lines': [importCombined, sentCombined],
    copy: [copied, sent],
  };
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const folder = workFolder();
const files = await writeLogFiles(folder, logs);
const found: Awaited<ReturnType<typeof round>>[] = [];
for (let i = 0; i < rounds; i++) {
  found.push(await round());
  process.stderr.write(`round ${i + 1} of ${rounds}\n`);
}
rmSync(folder, { recursive: true });
console.log(
  `${logs} logs, medians of ${rounds} rounds; HTTP in batches of ${values.batch}, ${values.clients} clients\n`,
);
console.log('| what | logs a second | HTTP | ratio | CPU a log, us | HTTP | ratio | peak MiB | HTTP |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const name of Object.keys(found[0]!)) {
  const pairs = found.map((one) => one[name]!);
  const of = (side: 0 | 1, value: keyof Measured) =>
    Math.round(median(pairs.map((pair) => pair[side][value])));
  const ratio = (value: keyof Measured) => median(pairs.map(([a, b]) => a[value] / b[value])).toFixed(2);
  const [rate, cpu] = (['rate', 'cpu'] as const).map((value) =>
    [of(0, value), of(1, value), ratio(value)].join(' | '),
  );
  console.log(`| ${name} | ${rate} | ${cpu} | ${of(0, 'peak')} | ${of(1, 'peak')} |`);
}
