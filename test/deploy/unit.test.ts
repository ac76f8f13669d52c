import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { VARIABLES } from '../../src/config/config.ts';
import { unknownVariables } from '../../src/config/unknown-variables.ts';
import { CLOSE_MS } from '../../src/server.ts';
import { ended, workFolder } from '../support/cli.ts';
import { ROOT, read } from './files.ts';

const unit = read('deploy/systemd/relaylog.service');
const valuesOf = (name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);
const environment = Object.fromEntries(
  valuesOf('Environment').map((text) => text.split(/=(.*)/s).slice(0, 2)),
);

it('the unit gives the process more time to end than it takes to drain and to close its store', () => {
  const drain = Number(VARIABLES.RELAYLOG_DRAIN_TIMEOUT_SECONDS.default);
  expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(drain + CLOSE_MS / 1000);
});

it('the variables in the unit exist, and its command starts a server that has them', async () => {
  expect(unknownVariables(environment)).toEqual([]);
  const folder = workFolder();
  writeFileSync(join(folder, 'metrics_token'), 't0ken\n');
  const here = (text: string) =>
    text
      .replace('%d', folder)
      .replace(/\/var\/(lib|cache)\/relaylog/, folder)
      .replace('/usr/bin/node', process.execPath);
  const own = Object.entries<string>(environment).map(([name, value]) => [name, here(value)]);
  const [program = '', ...args] = here(valuesOf('ExecStart')[0]!).split(' ');
  const server = spawn(program, args, {
    cwd: ROOT,
    env: { ...Object.fromEntries(own), PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const end = ended(server);
  const [greeting] = await once(server.stdout, 'data');
  const [url] = /http:\S+/.exec(String(greeting))!;
  const scrape = (token: string) =>
    fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect([(await scrape('other')).status, (await scrape('t0ken')).status]).toEqual([401, 200]);
  server.kill('SIGTERM');
  expect(await end).toMatchObject({ status: 0, err: '' });
});
