import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/config.ts';
import { unknownVariables } from '../../src/config/unknown-variables.ts';
import { CLOSE_MS } from '../../src/server.ts';
import { ROOT, readCompose } from './files.ts';

const { services, secrets } = readCompose();
const all = Object.entries(services);
const gateways = all.filter(([, { ports }]) => ports !== undefined);

const folder = mkdtempSync(join(tmpdir(), 'relaylog-compose-'));
afterAll(() => rmSync(folder, { recursive: true }));
const makeSecrets = (into: string) => execFileSync(`${ROOT}deploy/compose/make-secrets`, [into]);
const contentsOf = (of: string) =>
  readdirSync(of).map((name) => [name, readFileSync(join(of, name), 'utf8')]);

describe('docker-compose.yml', () => {
  it.each(all)('%s is confined and bounded', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      pids_limit: expect.any(Number),
      logging: { options: { 'max-size': '10m', 'max-file': '5' } },
    });
    expect(service).not.toHaveProperty('privileged');
    // The image of Relaylog has a user of its own.
    expect(service.build === '.' || service.user === 'mongodb').toBe(true);
  });

  it.each(all)(
    '%s has its secrets from files, not from its environment or its command line',
    (_, service) => {
      const { environment = {}, command = [], entrypoint = [], secrets: granted = [] } = service;
      const texts = [...Object.values(environment), ...command, ...entrypoint];
      expect(texts.filter((text) => /mongodb:|\/\/\S+:\S+@|\$\{/.test(text))).toEqual([]);
      const used = texts.flatMap((text) =>
        [...text.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name),
      );
      expect(granted).toEqual(expect.arrayContaining(used));
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining([...granted]));
    },
  );

  it('every variable of Relaylog in it exists', () => {
    for (const [, { environment }] of all) expect(unknownVariables(environment ?? {})).toEqual([]);
  });

  it.each(gateways)('%s has more time to end than it takes to drain and to close its store', (_, service) => {
    const { environment = {}, stop_grace_period: grace = '' } = service;
    const drain = Number(
      environment.RELAYLOG_DRAIN_TIMEOUT_SECONDS ?? VARIABLES.RELAYLOG_DRAIN_TIMEOUT_SECONDS.default,
    );
    expect(Number(/^(\d+)s$/.exec(grace)?.[1])).toBeGreaterThan(drain + CLOSE_MS / 1000);
    expect(service.init).toBe(true);
  });

  it('what is done once ends, and nothing else does', () => {
    const once = all.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
    const expected = all.map(([name]) => name).filter((name) => /(^|-)(init|doctor)$/.test(name));
    expect(once).toEqual(expected);
  });

  it('gateways sign in as relaylog, doctor as relaylog-operator, and neither gets a password of others', () => {
    makeSecrets(folder);
    const urls = new Map(contentsOf(folder) as [string, string][]);
    const relaylogs = all.filter(([, { build }]) => build !== undefined);
    expect(relaylogs.length).toBe(4);
    for (const [name, { environment, secrets: granted = [] }] of relaylogs) {
      const [, file = ''] = /secrets\/(\w+)/.exec(environment!.RELAYLOG_STORE_URL_FILE!) ?? [];
      const user = new URL(urls.get(file)!).username;
      expect([name, user]).toEqual([name, name.includes('doctor') ? 'relaylog-operator' : 'relaylog']);
      expect(granted.filter((secret) => secret !== file && secret !== 'metrics_token')).toEqual([]);
    }
  });
});

describe('make-secrets', () => {
  it('makes every secret, readable in a folder that is not, and keeps those that exist', () => {
    const into = join(folder, 'new');
    makeSecrets(into);
    const made = contentsOf(into);
    expect(made.map(([name]) => `secrets/${name}`).sort()).toEqual(
      Object.values(secrets)
        .map(({ file }) => file)
        .sort(),
    );
    expect(statSync(into).mode & 0o777).toBe(0o700);
    for (const [name] of made) expect(statSync(join(into, name!)).mode & 0o777).toBe(0o444);
    makeSecrets(into);
    expect(contentsOf(into)).toEqual(made);
    const passwords = made.filter(([name]) => /password|token/.test(name!)).map(([, text]) => text);
    expect(new Set(passwords).size).toBe(4);
    for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(Object.fromEntries(made).mongo_key).toMatch(/^[A-Za-z0-9+/]{1008}$/);
  });

  it('makes a deleted password anew, with the URLs that hold it', () => {
    const into = join(folder, 'rotated');
    makeSecrets(into);
    const before = Object.fromEntries(contentsOf(into));
    rmSync(join(into, 'gateway_password'));
    makeSecrets(into);
    const after = Object.fromEntries(contentsOf(into));
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toEqual(['cluster_store_url', 'gateway_password', 'store_url']);
    expect(after.store_url).toContain(`:${after.gateway_password}@`);
  });
});

it('the entrypoint of MongoDB gives it a key file that only it can read, and becomes it', () => {
  const key = join(folder, 'mongo_key');
  writeFileSync(key, 'key\n');
  const { entrypoint = [], command = [] } = services.mongo!;
  const copy = join(folder, 'copy');
  const mongod = 'stat -c "%a $$" "$1"; cat "$1"';
  const [shell = '', ...args] = entrypoint.map((text) =>
    text.replaceAll('$$', '$').replaceAll('/run/secrets/mongo_key', key).replaceAll('/tmp/mongo_key', copy),
  );
  expect(command.slice(0, 3)).toEqual(['mongod', '--replSet', 'rs0']);
  expect(command[command.indexOf('--keyFile') + 1]).toBe('/tmp/mongo_key');
  const { stdout, pid } = spawnSync(shell, [...args, 'bash', '-c', mongod, 'mongod', copy], {
    encoding: 'utf8',
  });
  expect(stdout).toBe(`600 ${pid}\nkey\n`);
});
