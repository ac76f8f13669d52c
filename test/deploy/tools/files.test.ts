import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ROOT, readCompose } from '../files.ts';

/** What a tool printed. @throws Error with it if the tool found something. */
function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', input });
  if (error !== undefined)
    throw new Error(`${command} cannot be run: .ci/with-tools has it`, { cause: error });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout + stderr;
}

const RULES = 'deploy/prometheus/relaylog.rules.yml';

it('promtool accepts the alert rules, and each alert is raised as its tests say', () => {
  expect(run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', RULES])).toContain('SUCCESS');
  expect(run('promtool', ['test', 'rules', 'deploy/prometheus/relaylog.rules.test.yml'])).toContain(
    'SUCCESS',
  );
});

it('promtool accepts the scrape configuration', () => {
  run('promtool', ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml']);
});

it('systemd accepts the unit, and finds little exposed', () => {
  const unit = 'deploy/systemd/relaylog.service';
  // Node.js and Relaylog may be elsewhere on this machine.
  const wrong = run('systemd-analyze', ['verify', '--man=no', unit]).split('\n');
  expect(wrong.filter((line) => line !== '' && !/is not executable|\/opt\/relaylog/.test(line))).toEqual([]);
  expect(
    run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', unit]),
  ).toContain('Overall exposure level');
});

it('hadolint finds nothing in the Dockerfile', () => {
  expect(run('hadolint', ['--failure-threshold', 'style', 'Dockerfile'])).toBe('');
});

it('docker-compose.yml has the keys and forms of the Compose specification, and names only what it declares', () => {
  const program = 'import compose_spec, sys; compose_spec.PyCompose.from_json(sys.stdin.read()).validate()';
  const check = (compose: object) => run('python', ['-c', program], JSON.stringify(compose));
  const compose = readCompose();
  check(compose);
  const { relaylog, ...services } = compose.services;
  const changed = (change: object) => ({
    ...compose,
    services: { ...services, relaylog: { ...relaylog, ...change } },
  });
  expect(() => check(changed({ stop_grace_perod: '20s' }))).toThrow('stop_grace_perod');
  expect(() => check(changed({ networks: ['nowhere'] }))).toThrow('nowhere');
});
