import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ended, serving, workFolder } from '../support/cli.ts';
import { imageEnvironment, ROOT, read, readImage } from './files.ts';

const image = readImage();
const environment = imageEnvironment();
/** Runs a command of the image with this Node.js, on the sources as the image has them. */
const commandOf = (instruction: string): string[] => {
  const [, list = ''] = /(\[.*\])$/.exec(image.get(instruction)!.at(-1)!) ?? [];
  const [program, ...args] = JSON.parse(list) as string[];
  expect(program).toBe('node');
  return args;
};

it('has the Node.js that the tests run on, and a user that is not root', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const stages = [...read('Dockerfile').matchAll(/^FROM node:(\S+)-slim/gm)].map(([, version]) => version);
  const { version } = packages['node_modules/node'];
  expect(stages).toEqual([version, version]);
  expect(image.get('USER')).toEqual(['1000:1000']);
});

it('holds the built page and production dependencies only, and no tests', () => {
  expect(read('Dockerfile')).toMatch(/^RUN npm ci --ignore-scripts .*$/m);
  expect(read('Dockerfile')).toMatch(/^RUN node web\/build\.ts && npm prune --omit=dev --ignore-scripts /m);
  const copied = [...read('Dockerfile').matchAll(/^COPY --from=build \S+ \/app\/(\S+)/gm)].map(
    ([, path]) => path,
  );
  expect(copied).toEqual(['package.json', 'node_modules', 'bin', 'src', 'web/dist']);
  expect(read('.dockerignore').split('\n')).toEqual([
    '*',
    '!package.json',
    '!package-lock.json',
    '!schema.graphql',
    '!bin',
    '!src',
    '!web',
    'web/dist',
    '**/__generated__',
    '**/*.test.ts',
    '',
  ]);
});

it('starts by its command, makes no demo data, and ends by SIGTERM', async () => {
  const folder = workFolder();
  const server = spawn(process.execPath, commandOf('CMD'), {
    cwd: ROOT,
    env: {
      ...environment,
      PORT: '0',
      HOST: '127.0.0.1',
      RELAYLOG_STORE_URL: `sqlite:${join(folder, 'a.db')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const end = ended(server);
  await once(server.stdout, 'data');
  server.kill('SIGTERM');
  const { status, out, err } = await end;
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('answers on http://127.0.0.1:');
  expect(out).not.toContain('rlk_');
});

it('its health check follows PORT and HOST, and says what is wrong', async () => {
  const server = await serving({ folder: workFolder(), environment: { HOST: '0.0.0.0' } });
  const { port } = new URL(server.url);
  const check = (variables: Record<string, string>) => {
    const env = { ...environment, RELAYLOG_STORE_URL: 'sqlite:/nowhere/a.db', ...variables };
    const { status, stdout, stderr } = spawnSync(process.execPath, commandOf('HEALTHCHECK'), {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  expect(check({ PORT: port })).toEqual({ status: 0, stdout: 'ok\n', stderr: '' });
  await server.stop();
  expect(check({ PORT: port })).toEqual({
    status: 1,
    stdout: '',
    stderr: `relaylog: http://127.0.0.1:${port}/readyz does not answer: ECONNREFUSED\n`,
  });
});
