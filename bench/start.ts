import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { measuredProcess } from './http/served.ts';

/*
 * The time from starting the process, as `relaylog serve` does, to its first response, and its idle memory. The store exists and
 * Node's compile cache is filled, as at a second start. For comparison, a Node process that only listens.
 */
const COMMAND = join(import.meta.dirname, '../bin/relaylog.cjs');
const ROUNDS = 7;
const IDLE_MS = 3_000;
const folder = mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const LISTEN = `require('node:http').createServer((q, r) => r.end()).listen(0, function () { console.log('at http://127.0.0.1:' + this.address().port) })`;
const STARTS = {
  Relaylog: [COMMAND, 'serve'],
  'node:http': ['-e', LISTEN],
};

async function start(args: readonly string[]) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', RELAYLOG_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout!);
  let url: string | undefined;
  while (url === undefined) url = /http:\/\/[\w.:]+/.exec(String(await once(lines, 'line')))?.[0];
  await (await fetch(`${url}/readyz`)).text();
  const firstAnswer = performance.now() - began;
  await setTimeout(IDLE_MS);
  const { memoryMib, stop } = measuredProcess(child);
  const memory = memoryMib();
  await stop();
  return { firstAnswer, memory };
}

const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
// The first start creates the demo store and fills the compile cache.
await start([...STARTS.Relaylog, '--demo']);
const figures = new Map<string, Awaited<ReturnType<typeof start>>[]>(
  Object.keys(STARTS).map((name) => [name, []]),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, args] of Object.entries(STARTS)) figures.get(name)!.push(await start(args));
}
console.log('\nStart\n\n| server | first response after ms | idle MiB |\n| --- | --- | --- |');
for (const [name, all] of figures) {
  const ms = middle(all.map(({ firstAnswer }) => firstAnswer)).toFixed(0);
  console.log(`| ${name} | ${ms} | ${middle(all.map(({ memory }) => memory)).toFixed(0)} |`);
}
