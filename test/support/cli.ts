import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../src/cli/relaylog.ts', import.meta.url));
const MAIN = [
  '--import',
  new URL('../../src/lib/compile-cache.js', import.meta.url).href,
  fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
];

const COMPILE_CACHE = join(tmpdir(), 'relaylog-test-compile-cache');

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own, where commands find their store. */
export function workFolder(): string {
  return mkdtempSync(join(tmpdir(), 'relaylog-cli-'));
}

interface RunOptions {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly environment?: Record<string, string>;
  /** A file that takes standard error; otherwise it is kept. */
  readonly stderr?: string;
}

function start(args: readonly string[], { folder, environment = {}, stderr }: RunOptions): ChildProcess {
  // What the tests themselves are configured by is none of the command's business.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('RELAYLOG_')),
  );
  return spawn(process.execPath, args, {
    cwd: folder,
    // Half of what a command takes is compiling itself.
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...inherited, ...environment },
    stdio: ['pipe', 'pipe', stderr === undefined ? 'pipe' : openSync(stderr, 'a')],
  });
}

/** The real command, to its end. */
export async function relaylog(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start([COMMAND, ...args], options);
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(options.input ?? '');
  return ended(child);
}

/** The real command, in flight. */
export function startRelaylog(args: readonly string[], options: RunOptions): ChildProcess {
  return start([COMMAND, ...args], options);
}

/** `npm start`, without waiting for anything. */
export function startMain(options: RunOptions): ChildProcess {
  return start(MAIN, options);
}

export interface Serving {
  readonly child: ChildProcess;
  /** What it printed until it said that it answers. */
  readonly out: string;
  readonly url: string;
  /** Milliseconds from its start to its first answer. */
  readonly firstAnswer: number;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** `npm start`, on a free port, until it answers. */
export async function serving(options: RunOptions): Promise<Serving> {
  const started = performance.now();
  const child = startMain({ ...options, environment: { PORT: '0', ...options.environment } });
  const end = ended(child);
  let out = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      out += chunk;
      const [, found] = /answers on (http:\S+)/.exec(out) ?? [];
      if (found !== undefined && out.endsWith('\n')) resolve(found);
    });
    end.then(({ err }) => reject(new Error(`The server ended: ${err}`)));
  });
  await fetch(`${url}/livez`);
  const firstAnswer = performance.now() - started;
  return {
    child,
    out,
    url,
    firstAnswer,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return end;
    },
  };
}

export function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })));
}
