import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printedSchema } from '../../src/graphql/schema.ts';
import { inTerminal, relaylog, serving, workFolder } from '../support/cli.ts';

describe('relaylog orgs and keys', () => {
  it('create, list and change organizations; create, list and revoke keys', async () => {
    const folder = workFolder();
    const run = (...args: string[]) => relaylog(args, { folder });
    expect(await run('orgs', 'create', 'acme', '--plan', 'pro')).toMatchObject({
      status: 0,
      out: 'Created organization acme on plan pro.\n',
    });
    expect(existsSync(join(folder, 'data/relaylog.db'))).toBe(true);
    expect(await run('orgs', 'create', 'acme')).toMatchObject({
      status: 1,
      err: 'relaylog: Organization acme already exists\n',
    });
    expect(await run('orgs', 'set-plan', 'acme', 'archive')).toMatchObject({ status: 0 });
    const orgs = JSON.parse((await run('orgs', 'list', '--json')).out);
    expect(orgs).toEqual([{ id: 'acme', plan: 'archive', createdAt: expect.any(Number) }]);

    const making = await run('keys', 'create', '--org', 'acme', '--scopes', 'logs:read,logs:write', '--json');
    const made = JSON.parse(making.out);
    expect(JSON.parse(making.err)).toMatchObject({
      audit: 'key.created',
      keyId: made.id,
      organizationId: 'acme',
      scopes: ['logs:read', 'logs:write'],
    });
    expect(making.err).not.toContain(made.key);
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      organizationId: 'acme',
      key: expect.stringMatching(/^rlk_/),
      scopes: ['logs:read', 'logs:write'],
      expiresAt: null,
    });
    const plain = await run('keys', 'create', '--org', 'acme');
    expect(plain.out).toMatch(/\nrlk_[\w-]{43}\n$/);
    expect(plain.out).toMatch(/send logs from your servers +--scopes logs:write\n/);

    const server = await serving({ folder });
    const status = async () =>
      (await fetch(`${server.url}/v1/logs`, { headers: { 'x-api-key': made.key } })).status;
    expect(await status()).toBe(200);
    const revoking = await run('keys', 'revoke', made.id);
    expect(revoking.status).toBe(0);
    expect(JSON.parse(revoking.err)).toMatchObject({ audit: 'key.revoked', keyId: made.id });
    expect(await status()).toBe(401);
    const auditLines = (await server.stop()).err.split('\n').filter((line) => line.includes('"audit"'));
    expect(auditLines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ audit: 'key.used', keyId: made.id, organizationId: 'acme' }),
    ]);

    const short = await run('keys', 'create', '--org', 'acme', '--expires', '90d');
    expect(short.out).toMatch(/with logs:read; it expires at \d{4}-/);
    expect((await run('keys', 'create', '--org', 'acme', '--expires', 'soon')).err).toContain(
      'is not a valid time',
    );

    const list = await run('keys', 'list', '--org', 'acme', '--json');
    expect(list.out).not.toContain(made.key);
    expect(JSON.parse(list.out)).toMatchObject([
      { id: made.id, lastUsedAt: expect.any(Number), expiresAt: null, revokedAt: expect.any(Number) },
      { lastUsedAt: null, expiresAt: null, revokedAt: null },
      { lastUsedAt: null, expiresAt: expect.any(Number) },
    ]);
    const database = readFileSync(join(folder, 'data/relaylog.db'), 'latin1');
    expect(database).not.toContain(made.key);
  });

  it.each([
    [
      ['orgs', 'create', 'Acme!'],
      '"Acme!" is not a valid id: use 1 to 63 lower-case letters, digits and dashes',
    ],
    [
      ['orgs', 'create', 'acme', '--plan', 'gold'],
      'Plan "gold" does not exist; available: free, starter, beta, pro, enterprise, archive',
    ],
    [
      ['keys', 'create', '--org', 'acme'],
      'Organization "acme" does not exist; to create it, run: relaylog orgs create acme',
    ],
    [
      ['keys', 'create', '--org', 'acme', '--scopes', 'root'],
      'Scope "root" does not exist; available: logs:read, logs:sensitive, billing:read, logs:write, admin',
    ],
    [['keys', 'revoke', 'key_x'], 'Key "key_x" does not exist'],
    [['import', 'nowhere.log', '--org', 'acme'], 'Organization "acme" does not exist'],
    [['nonsense'], "error: unknown command 'nonsense'"],
    [
      ['stats', '--filter', 'x'],
      "error: unknown option '--filter'\n(run relaylog stats --help for what it accepts)",
    ],
    [
      ['keys', 'revoke'],
      "error: missing required argument 'id'\n(run relaylog keys revoke --help for what it accepts)",
    ],
  ])('%j exits with one line and status 1', async (args, message) => {
    const { status, err } = await relaylog(args, { folder: workFolder() });
    expect(status).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  it("reads an operator's own plans from the environment", async () => {
    const folder = workFolder();
    const environment = { RELAYLOG_PLANS: '{"gold":{"retentionDays":365}}' };
    expect(
      await relaylog(['orgs', 'create', 'acme', '--plan', 'gold'], { folder, environment }),
    ).toMatchObject({ status: 0 });
    const wrong = await relaylog(['orgs', 'list'], {
      folder,
      environment: { RELAYLOG_PLANS: '{"gold":{}}', PORT: 'x' },
    });
    expect(wrong.status).toBe(1);
    expect(wrong.err).toContain('PORT must be an integer');
    expect(wrong.err).toContain('RELAYLOG_PLANS must be JSON such as');
  });
});

it('prints no audit line into a terminal, where the command itself says what it did', async () => {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme'], { folder });
  const terminal = (command: string) => inTerminal(command, { folder });
  const made = await terminal('keys create --org acme --scopes logs:read');
  expect(made).toMatch(/^Created key key_\w+ for organization acme with logs:read\./);
  expect(made).toMatch(/\nrlk_[\w-]{43}\n$/);
  expect(made).not.toContain('audit');
  const [id] = /key_\w+/.exec(made)!;
  expect(await terminal(`keys revoke ${id}`)).toBe(`Revoked key ${id}.\n`);
});

it('relaylog --version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await relaylog(['--version'], { folder: workFolder() })).toEqual({
    status: 0,
    out: `${version}\n`,
    err: '',
  });
});

describe('relaylog copy', () => {
  it('copies everything, compares, and copies nothing when it is run again', async () => {
    const folder = workFolder();
    const server = await serving({ folder });
    await server.stop();
    const run = (...args: string[]) => relaylog(['copy', ...args, '--json'], { folder });
    const stores = ['--from', 'sqlite:data/relaylog.db', '--to', 'sqlite:copy/relaylog.db'];
    const first = await run(...stores);
    expect(first.status).toBe(0);
    const copied = JSON.parse(first.out);
    expect(
      copied.map(({ organizationId, stored, same }: Record<string, unknown>) => [
        organizationId,
        stored,
        same,
      ]),
    ).toEqual([
      ['demo', 4064, true],
      ['demo-free', 1500, true],
    ]);
    const [, key] = /(rlk_[\w-]{43})/.exec(server.out) ?? [];
    const again = JSON.parse((await run(...stores)).out);
    expect(again.map(({ stored, same }: Record<string, unknown>) => [stored, same])).toEqual([
      [0, true],
      [0, true],
    ]);
    const moved = await serving({ folder, environment: { RELAYLOG_STORE_URL: 'sqlite:copy/relaylog.db' } });
    expect((await fetch(`${moved.url}/v1/logs`, { headers: { 'x-api-key': key! } })).status).toBe(200);
    await moved.stop();
    expect(await run('--from', 'sqlite:a.db', '--to', 'sqlite:a.db')).toMatchObject({ status: 1 });
    expect((await run('--from', 'oracle:a', '--to', 'sqlite:a.db')).err).toContain(
      'RELAYLOG_STORE_URL must be sqlite:FILE',
    );
  });
});

it('relaylog doctor reports no findings for an embedded store', async () => {
  expect(await relaylog(['doctor', '--json'], { folder: workFolder() })).toMatchObject({
    status: 0,
    out: '{"findings":[]}\n',
  });
});

it('relaylog schema prints the schema', async () => {
  expect(await relaylog(['schema'], { folder: workFolder() })).toMatchObject({
    status: 0,
    out: printedSchema(),
  });
});
