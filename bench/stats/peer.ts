import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long a call took. */
export interface Taken {
  readonly ms: number;
  /** Of all threads. */
  readonly cpuMs: number;
}

/** chdb, which is ClickHouse in a process of its own. */
export interface Chdb {
  /** Runs a statement. The time includes its result in ClickHouse's format Native, but not passing it on. */
  time(statement: string): Promise<Taken>;
  rows(statement: string): Promise<unknown[][]>;
  close(): Promise<void>;
}

const here = join(import.meta.dirname, 'peer');

/** Installs and starts chdb. @param folder of its data. */
export async function startChdb(folder: string): Promise<Chdb> {
  const options = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  execFileSync('npm', ['install', ...options], { cwd: here, stdio: 'inherit' });
  const child = spawn(process.execPath, [join(here, 'chdb.mjs'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const run = async (statement: string, format: string | null): Promise<Taken & { text: string }> => {
    child.stdin.write(`${JSON.stringify({ statement, format })}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`chdb ended during: ${statement}`);
    return JSON.parse(value);
  };
  return {
    time: (statement) => run(statement, null),
    rows: async (statement) => JSON.parse((await run(statement, 'JSONCompact')).text).data,
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
