import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../bin/relaylog.cjs', import.meta.url));

/** The result of a process that has ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Creates an empty working directory, in which commands keep their store. */
export function workFolder(): string {
  return mkdtempSync(join(tmpdir(), 'relaylog-cli-'));
}

interface RunOptions {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly environment?: Record<string, string>;
  /** A file to append standard error to; by default it is collected. */
  readonly stderr?: string;
  /** Servers: whether to start with `--demo`, as `npm start` does. Default: true. */
  readonly demo?: boolean;
}

function start(args: readonly string[], options: RunOptions): ChildProcess {
  const { folder, stderr } = options;
  return spawn(process.execPath, args, {
    cwd: folder,
    env: environmentOf(options),
    stdio: ['pipe', 'pipe', stderr === undefined ? 'pipe' : openSync(stderr, 'a')],
  });
}

/** Without the variables that configure the tests. */
function environmentOf({ environment }: RunOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('RELAYLOG_'));
  return { ...Object.fromEntries(inherited), ...environment };
}

/** Runs the real command and waits for its end. */
export async function relaylog(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start([COMMAND, ...args], options);
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(options.input ?? '');
  return ended(child);
}

/** Runs the real command in a terminal. Returns all that the terminal shows, with plain line ends. */
export async function inTerminal(command: string, options: RunOptions): Promise<string> {
  const line = `'${process.execPath}' '${COMMAND}' ${command}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: options.folder,
    env: environmentOf(options),
  });
  child.stdin.end();
  return (await ended(child)).out.replaceAll('\r\n', '\n');
}

/** Starts the real command without waiting for its end. */
export function startRelaylog(args: readonly string[], options: RunOptions): ChildProcess {
  return start([COMMAND, ...args], options);
}

/** Starts `relaylog serve` without waiting until it listens. */
export function startServe(options: RunOptions): ChildProcess {
  return startRelaylog(options.demo === false ? ['serve'] : ['serve', '--demo'], options);
}

export interface Serving {
  readonly child: ChildProcess;
  /** Standard output up to the line that says that the server answers requests. */
  readonly out: string;
  readonly url: string;
  /** Milliseconds from the start of the process to its first response. */
  readonly firstResponseMs: number;
  /** Sends a signal, by default SIGTERM, and waits for the end of the process. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts `relaylog serve` on a free port and waits for its first response. @throws Error if it ends before. */
export async function serving(options: RunOptions): Promise<Serving> {
  const started = performance.now();
  const child = startServe({ ...options, environment: { PORT: '0', ...options.environment } });
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
  const firstResponseMs = performance.now() - started;
  return {
    child,
    out,
    url,
    firstResponseMs,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return end;
    },
  };
}

/** Collects the output of a process until it ends. */
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
