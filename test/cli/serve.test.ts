import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../../src/store/sqlite/schema/migrate.ts';
import { ended, relaylog, serving, startServe, workFolder } from '../support/cli.ts';
import { jsonPost } from '../support/json-post.ts';

describe('relaylog serve', () => {
  it('creates demo logs on the first run and prints commands that work when pasted; keeps the logs on the next run', async () => {
    const folder = workFolder();
    const first = await serving({ folder });
    const commands = first.out.split('\n').filter((line) => line.startsWith('curl '));
    expect(commands).toHaveLength(3);
    const answers = commands.map((command) => spawnSync('sh', ['-c', command], { encoding: 'utf8' }).stdout);
    const [graphql, scrip, signa] = answers.map((answer) => JSON.parse(answer));
    expect(graphql.data.requestLogs.totalCount).toBeGreaterThan(2000);
    expect(scrip.data).toHaveLength(3);
    expect(signa).toMatchObject({ object: 'list', has_more: true });
    const [, key] = /(rlk_[\w-]{43})/.exec(first.out) ?? [];
    expect(first.out).toContain(`GraphiQL  ${first.url}/graphql`);
    const [, stats] = /^npx relaylog (stats .*)$/m.exec(first.out)!;
    expect((await relaylog(stats!.split(' '), { folder })).out).toMatch(/^\/v1\/trademarks .* 50\d\d /m);
    expect((await first.stop()).status).toBe(0);

    const orgs = JSON.parse((await relaylog(['orgs', 'list', '--json'], { folder })).out);
    expect(orgs.map(({ id, plan }: { id: string; plan: string }) => [id, plan])).toEqual([
      ['demo', 'pro'],
      ['demo-free', 'free'],
    ]);

    const second = await serving({ folder });
    const [, newKey] = /(rlk_[\w-]{43})/.exec(second.out) ?? [];
    expect(newKey).not.toBe(key);
    const again = await fetch(
      `${second.url}/graphql`,
      jsonPost(key!, { query: '{ requestLogs { totalCount } }' }),
    );
    expect((await again.json()) as object).toEqual({
      data: { requestLogs: { totalCount: graphql.data.requestLogs.totalCount } },
    });
    await second.stop('SIGINT');
  });

  it('keeps serving requests if its log lines cannot be written, for example to a full disk', async () => {
    const server = await serving({ folder: workFolder(), stderr: '/dev/full' });
    const [, key] = /(rlk_[\w-]{43})/.exec(server.out) ?? [];
    for (let i = 0; i < 20; i++) {
      const answer = await fetch(`${server.url}/v1/logs`, { headers: { 'x-api-key': key! } });
      expect(answer.status).toBe(200);
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/relaylog_http_requests_total\{api="scrip",[^}]*\} 20\n/);
    expect((await server.stop()).status).toBe(0);
  });

  it.runIf(process.platform === 'linux').each([
    ['makes glibc return freed memory', {}, '131072'],
    ['keeps the setting of its environment', { MALLOC_TRIM_THRESHOLD_: '1000000' }, '1000000'],
    ['starts as it is if a variable names one of its open files', { OF_A_SHELL: '/dev/fd/3' }, null],
  ])('%s, in the process that was started', async (_, environment: Record<string, string>, expected) => {
    const server = await serving({ folder: workFolder(), environment });
    const variables = readFileSync(`/proc/${server.child.pid}/environ`, 'utf8').split('\0');
    const setting = variables.filter((text) => text.startsWith('MALLOC_TRIM_THRESHOLD_='));
    expect(setting).toEqual(expected === null ? [] : [`MALLOC_TRIM_THRESHOLD_=${expected}`]);
    expect((await server.stop()).status).toBe(0);
  });

  it('ends at once on a second signal, after writing pending log lines', async () => {
    const server = await serving({
      folder: workFolder(),
      environment: { RELAYLOG_DRAIN_TIMEOUT_SECONDS: '60' },
    });
    const { hostname, port } = new URL(server.url);
    const unfinished = connect(Number(port), hostname);
    unfinished.on('error', () => undefined);
    unfinished.write('POST /graphql HTTP/1.1\r\nHost: x\r\nX-API-Key: rlk_x\r\nContent-Length: 9\r\n\r\n{');
    expect((await fetch(`${server.url}/v1/logs`)).status).toBe(401);
    server.child.kill('SIGTERM');
    await sleep(200);
    expect(server.child.exitCode).toBeNull();
    const { status, err } = await server.stop('SIGHUP');
    expect(status).toBe(1);
    expect(err).toContain('"api":"scrip"');
  });

  it('warns about an unknown variable and suggests the nearest one, but ignores the variables that Kubernetes sets', async () => {
    const server = await serving({
      folder: workFolder(),
      environment: {
        RELAYLOG_REQUEST_SECONDS: '30',
        RELAYLOG_PORT: 'tcp://10.0.0.1:80',
        RELAYLOG_SERVICE_HOST: '10.0.0.1',
        RELAYLOG_LOG_LEVEL: 'warn',
      },
    });
    const { err } = await server.stop();
    const warnings = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(warnings).toMatchObject([
      {
        level: 40,
        msg: 'RELAYLOG_REQUEST_SECONDS is not a known variable and has no effect; did you mean RELAYLOG_REQUEST_TIMEOUT_SECONDS?',
      },
    ]);
  });

  const run = async (folder: string, ...args: string[]) =>
    JSON.parse((await relaylog([...args, '--json'], { folder })).out);

  it('creates no demo data without --demo, and says how to get it', async () => {
    const folder = workFolder();
    const server = await serving({ folder, demo: false });
    expect(server.out).toContain('to start with demo logs, run: npx relaylog serve --demo');
    expect(server.out).not.toContain('rlk_');
    await server.stop();
    expect(await run(folder, 'orgs', 'list')).toEqual([]);
  });

  it.each(['acme', 'demo'])(
    'creates no demo data in a store with an organization %s of somebody',
    async (id) => {
      const folder = workFolder();
      await relaylog(['orgs', 'create', id], { folder });
      const server = await serving({ folder });
      expect(server.out).toContain('There are no demo logs, because the store has other organizations.');
      expect(server.out).not.toContain('rlk_');
      await server.stop();
      expect(await run(folder, 'orgs', 'list')).toHaveLength(1);
    },
  );

  it('creates a demo key only if no other machine can reach the server', async () => {
    const folder = workFolder();
    const server = await serving({ folder, environment: { HOST: '0.0.0.0' } });
    expect(server.out).toContain(
      'There is no demo key, because other machines may reach the address 0.0.0.0.',
    );
    expect(server.out).not.toContain('rlk_');
    await server.stop();
    expect(await run(folder, 'keys', 'list', '--org', 'demo')).toEqual([]);
  });

  it('creates a demo key that expires after 24 hours, and deletes the expired ones of earlier starts', async () => {
    const folder = workFolder();
    const keys = () => run(folder, 'keys', 'list', '--org', 'demo');
    const first = await serving({ folder, environment: { HOST: 'localhost' } });
    await first.stop();
    const [made] = await keys();
    expect(made.expiresAt - made.createdAt).toBe(24 * 3_600_000);
    const db = new DatabaseSync(join(folder, 'data/relaylog.db'));
    db.exec('UPDATE api_keys SET expires_at = 1');
    db.close();
    await (await serving({ folder })).stop();
    const after = await keys();
    expect(after).toHaveLength(1);
    expect(after[0].id).not.toBe(made.id);
  });

  const start = (folder: string) =>
    serving({ folder }).then(
      () => 'it started',
      (error: Error) => error.message,
    );
  const database = (folder: string) => {
    mkdirSync(join(folder, 'data'));
    return join(folder, 'data/relaylog.db');
  };

  it('reports in one line that the file is not a database', async () => {
    const folder = workFolder();
    writeFileSync(database(folder), 'this is not a database, but a text of some length'.repeat(50));
    expect(await start(folder)).toBe(
      'The server ended: relaylog: The log store is unavailable: the file is not a Relaylog database.\n',
    );
  });

  it('reports that the database belongs to another application', async () => {
    const folder = workFolder();
    const db = new DatabaseSync(database(folder));
    db.exec('CREATE TABLE recipes (id)');
    db.close();
    expect(await start(folder)).toContain('the file is a database of another application.');
  });

  it('reports that the database has a newer schema version, and does not change it', async () => {
    const folder = workFolder();
    await relaylog(['orgs', 'create', 'acme'], { folder });
    const db = new DatabaseSync(join(folder, 'data/relaylog.db'));
    db.exec('PRAGMA user_version = 99');
    expect(await start(folder)).toContain(
      `the database has schema version 99, but this version of Relaylog supports versions up to ${SCHEMA_VERSION}; update Relaylog.`,
    );
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    db.close();
  });

  it('reports that the database is locked', async () => {
    const folder = workFolder();
    const db = new DatabaseSync(database(folder));
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y)');
    expect(await start(folder)).toContain('the database is locked by another process.');
    db.close();
  });

  it('reports that the folder is not writable', async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    const message = await start(folder);
    expect(message).toContain('relaylog: ');
    expect(message).not.toContain('    at ');
  });

  it('exits with 0 if it is interrupted during its first start, and the next start completes the demo data', async () => {
    const folder = workFolder();
    const child = startServe({ folder, environment: { PORT: '0' } });
    const end = ended(child);
    await new Promise((later) => setTimeout(later, 350));
    child.kill('SIGTERM');
    const { status } = await end;
    expect([0, null]).toContain(status);
    const next = await serving({ folder });
    const orgs = JSON.parse((await relaylog(['orgs', 'list', '--json'], { folder })).out);
    expect(orgs).toHaveLength(2);
    await next.stop();
  });

  it('reports that the file is damaged, and serves nothing from it', async () => {
    const folder = workFolder();
    const first = await serving({ folder });
    const [, key] = /(rlk_[\w-]{43})/.exec(first.out) ?? [];
    await first.stop();
    const file = join(folder, 'data/relaylog.db');
    const bytes = readFileSync(file);
    // Duplicate one page over the next one: every page is well-formed, but some rows are missing and others are duplicated.
    bytes.copy(bytes, 8192 * 40, 8192 * 41, 8192 * 42);
    writeFileSync(file, bytes);
    const second = await serving({ folder });
    const ready = async () => (await fetch(`${second.url}/readyz`)).status;
    for (let i = 0; i < 100 && (await ready()) === 200; i++)
      await new Promise((later) => setTimeout(later, 50));
    const answer = await fetch(`${second.url}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([
      503,
      'The log store is unavailable: the database file is damaged; restore it from a backup.\n',
    ]);
    expect((await fetch(`${second.url}/v1/logs`, { headers: { 'x-api-key': key! } })).status).toBe(503);
    await second.stop();
  });

  it('acknowledges no batch after its file was removed', async () => {
    const folder = workFolder();
    const server = await serving({ folder });
    const [, key] = /(rlk_[\w-]{43})/.exec(server.out) ?? [];
    const ingest = () => {
      const log = { createdAt: Date.now(), method: 'GET', path: '/', statusCode: 200 };
      return fetch(`${server.url}/ingest/v1/request-logs`, jsonPost(key!, [log]));
    };
    expect((await ingest()).status).toBe(200);
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `data/relaylog.db${end}`));
    const refused = await ingest();
    expect([refused.status, await refused.text()]).toEqual([
      503,
      expect.stringContaining('the database file was moved or removed'),
    ]);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    await server.stop();
  });

  it.each([
    ['sqlite::memory:', 'must name a file'],
    ['sqlite:a.db?max_pagecount=60', 'unknown option "max_pagecount"'],
    ['sqlite:a.db?max_page_count=0', 'must be a positive integer'],
    ['postgres://x', 'must be sqlite:FILE'],
  ])('reports the error in the store URL %s', async (url, message) => {
    const wrong = await serving({ folder: workFolder(), environment: { RELAYLOG_STORE_URL: url } }).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(wrong).toContain(message);
  });

  it('reports that the port is in use', async () => {
    const first = await serving({ folder: workFolder() });
    const { port } = new URL(first.url);
    const second = await serving({ folder: workFolder(), environment: { PORT: port } }).catch(
      (error: Error) => error.message,
    );
    expect(second).toContain('EADDRINUSE');
    expect(second).not.toContain('    at ');
    await first.stop();
  });
});
