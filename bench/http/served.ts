import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server in its own process. */
export interface Served {
  readonly url: string;
  /** CPU time of all its threads so far, in milliseconds. */
  cpuMs(): number;
  /** Resident memory, MiB. */
  memoryMib(): number;
  stop(): Promise<void>;
}

/** Milliseconds per tick of `/proc/PID/stat`; the same on every Linux. */
const TICK_MS = 10;

/** Runs a file with Node and waits for the URL on its first line of output. @throws Error if the process exits before. */
export async function serve(file: string, env: Record<string, string>, logFile: string): Promise<Served> {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', openSync(logFile, 'a')],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}; see ${logFile}`);
  });
  ended.catch(() => undefined);
  const [line] = (await Promise.race([once(createInterface(child.stdout!), 'line'), ended])) as [string];
  return { url: line, ...measuredProcess(child) };
}

/** CPU time and memory of a process, from procfs (Linux only). */
export function measuredProcess(child: ChildProcess): Omit<Served, 'url'> {
  const procfs = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    cpuMs() {
      const fields = procfs('stat').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    memoryMib: () => Number(/VmRSS:\s+(\d+)/.exec(procfs('status'))![1]) / 1024,
    async stop() {
      const exited = child.exitCode === null ? once(child, 'exit') : null;
      child.kill();
      await exited;
    },
  };
}
