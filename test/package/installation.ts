import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject, onTestFinished } from 'vitest';
import { ended } from '../support/cli.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const VERSIONS = join(tmpdir(), 'relaylog-test-node');

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** The package, installed into an empty folder and run by one version of Node. */
export class Installation {
  readonly folder = mkdtempSync(join(inject('folder'), 'installed-'));
  readonly #path: string;

  private constructor(nodeFolder: string) {
    // Without the folders of this clone, whose `node` npm puts first.
    const inherited = process.env.PATH!.split(delimiter).filter((one) => !one.includes('node_modules'));
    this.#path = [nodeFolder, ...inherited].join(delimiter);
  }

  /** @param version a major version of Node, which is installed from the npm registry. */
  static async of(version: number) {
    const installation = new Installation(await nodeFolder(version));
    writeFileSync(join(installation.folder, 'package.json'), '{ "private": true, "type": "module" }');
    const installed = await installation.run(
      'npm',
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      inject('tarball'),
    );
    cpSync(EXAMPLES, join(installation.folder, 'examples'), { recursive: true });
    return { installation, installed };
  }

  /** Runs a command in the folder. @throws Error with its output if it fails. */
  run(command: string, ...args: string[]): Promise<Output> {
    return promisify(execFile)(command, args, { cwd: this.folder, env: this.#environment() });
  }

  /** Starts a server on a free port and waits until it prints its port. @throws Error with its output if it ends before. */
  async serve(command: string, ...args: string[]) {
    const child = spawn(command, args, { cwd: this.folder, env: this.#environment() });
    const end = ended(child);
    onTestFinished(() => void child.kill('SIGKILL'));
    const { text, port } = await portOf(child, end);
    return {
      text,
      url: `http://127.0.0.1:${port}`,
      stop: () => {
        child.kill('SIGTERM');
        return end;
      },
    };
  }

  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(RELAYLOG_|NODE_ENV$|npm_(package|lifecycle)_|npm_config_(\w+_)?prefix$)/.test(name),
    );
    return { ...Object.fromEntries(inherited), PATH: this.#path, PORT: '0' };
  }
}

async function portOf(child: ChildProcess, end: ReturnType<typeof ended>) {
  let text = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      text += chunk;
      const found = /(?:127\.0\.0\.1:|port: )(\d+)/.exec(text)?.[1];
      if (found !== undefined && text.endsWith('\n')) resolve(Number(found));
    });
    end.then(({ out, err }) => reject(new Error(`The server ended: ${out}${err}`)));
  });
  return { text, port };
}

/** The folder of the newest Node of a major version, installed once from the npm registry. */
async function nodeFolder(version: number): Promise<string> {
  const folder = join(VERSIONS, String(version));
  const file = join(folder, 'node_modules/node/bin/node');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    await promisify(execFile)('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      `node@${version}`,
    ]);
  }
  return dirname(file);
}
