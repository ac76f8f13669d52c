import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmDeletion } from '../../src/cli/confirm.ts';
import { type Ended, ended, relaylog, serving, startRelaylog, workFolder } from '../support/cli.ts';
import { jsonPost } from '../support/json-post.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';

const CREATED_AT = Date.UTC(2026, 0, 1);

const log = (i: number, fields: object = {}) => ({
  createdAt: CREATED_AT + i,
  requestId: `req_r${i}`,
  method: 'GET',
  path: '/x',
  statusCode: 200,
  ...fields,
});

/** The files of the store in which a text is found. */
function filesWith(folder: string, text: string): string[] {
  const data = join(folder, 'data');
  return readdirSync(data).filter((name) => readFileSync(join(data, name)).includes(text));
}

/** The audit lines of a command. */
function auditOf({ err }: Ended): object[] {
  const lines = err.split('\n').filter((line) => line.includes('"audit"'));
  return lines.map((line) => {
    const { time: _, level: __, msg: ___, pid: ____, ...fields } = JSON.parse(line);
    return fields;
  });
}

/** A store with two organizations, their logs and a key for each. */
async function store() {
  const folder = workFolder();
  const run = (...args: string[]) => relaylog(args, { folder });
  const keys: Record<string, string> = {};
  for (const id of ['acme', 'globex']) {
    await run('orgs', 'create', id, '--plan', 'archive');
    const made = await run('keys', 'create', '--org', id, '--scopes', 'logs:read,logs:write', '--json');
    keys[id] = JSON.parse(made.out).key;
    const logs = [
      log(1, { consumerId: 'zebra-consumer', apiKeyId: 'zebra-key' }),
      log(2, { consumerId: 'zebra-consumer', routePattern: '/zebra' }),
      log(3, { consumerId: 'other' }),
    ];
    const input = logs.map((one) => JSON.stringify(one)).join('\n');
    await relaylog(['import', '-', '--org', id, '--format', 'ndjson'], { folder, input });
  }
  return { folder, run, keys };
}

describe('relaylog erase', () => {
  it('deletes the logs with the value from every file, and writes an audit line without it', async () => {
    const { folder, run } = await store();
    const erase = (...args: string[]) => run('erase', '--org', 'acme', '--json', ...args);
    for (const [option, value, by, logs] of [
      ['--request-id', 'req_r3', 'requestId', 1],
      ['--api-key', 'zebra-key', 'apiKeyId', 1],
      ['--consumer', 'zebra-consumer', 'consumerId', 1],
      ['--consumer', 'zebra-consumer', 'consumerId', 0],
    ] as const) {
      const erased = await erase(option, value, '--confirm', 'acme');
      expect(JSON.parse(erased.out)).toEqual({ organizationId: 'acme', by, logs });
      expect(auditOf(erased)).toMatchObject([
        { audit: 'logs.erased', organizationId: 'acme', by, logs, outcome: 'done' },
      ]);
      expect(erased.err).not.toContain(value);
    }
    // The other organization still has it.
    expect(filesWith(folder, 'zebra-consumer')).toHaveLength(1);
    const other = await run(
      'erase',
      '--org',
      'globex',
      '--consumer',
      'zebra-consumer',
      '--confirm',
      'globex',
    );
    expect([other.status, other.out]).toEqual([0, 'Deleted 2 logs of organization globex by consumerId.\n']);
    for (const text of ['zebra-consumer', 'zebra-key', '/zebra']) expect(filesWith(folder, text)).toEqual([]);
  });

  it('with --no-vacuum, deletes the logs and leaves the file as large as it is until `relaylog compact`', async () => {
    const { folder, run } = await store();
    const input = Array.from({ length: 900 }, (_, i) =>
      JSON.stringify(log(i + 10, { consumerId: 'many', requestBody: { text: 'x'.repeat(1_000) } })),
    ).join('\n');
    await relaylog(['import', '-', '--org', 'acme', '--format', 'ndjson'], { folder, input });
    const size = () => readFileSync(join(folder, 'data/relaylog.db')).length;
    const before = size();
    const erased = await run(
      'erase',
      '--org',
      'acme',
      '--consumer',
      'many',
      '--no-vacuum',
      '--confirm',
      'acme',
    );
    expect(erased.out).toContain('Deleted 900 logs');
    expect(size()).toBe(before);
    expect((await run('compact')).status).toBe(0);
    expect(size()).toBeLessThan(before / 4);
  });

  it.each([
    [['--consumer', 'x'], 'Standard input is not a terminal; to confirm the deletion, add --confirm acme'],
    [['--consumer', 'x', '--confirm', 'globex'], '--confirm is "globex", not "acme": nothing was deleted'],
    [['--confirm', 'acme'], 'Give exactly one of --request-id, --api-key and --consumer'],
    [['--consumer', 'x', '--api-key', 'y', '--confirm', 'acme'], 'Give exactly one of'],
    [['--consumer', '', '--confirm', 'acme'], 'with a value that is not empty'],
  ])('%j is rejected, and nothing is deleted', async (args, message) => {
    const folder = workFolder();
    await relaylog(['orgs', 'create', 'acme'], { folder });
    const { status, err } = await relaylog(['erase', '--org', 'acme', ...args], { folder });
    expect([status, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it('rejects an organization that does not exist', async () => {
    const { status, err } = await relaylog(
      ['erase', '--org', 'acme', '--consumer', 'x', '--confirm', 'acme'],
      {
        folder: workFolder(),
      },
    );
    expect([status, err]).toEqual([1, expect.stringContaining('Organization "acme" does not exist')]);
  });
});

describe('relaylog orgs delete', () => {
  it('deletes the organization with everything it holds, from every file', async () => {
    const { folder, run, keys } = await store();
    const server = await serving({ folder });
    const status = async (id: string) =>
      (await fetch(`${server.url}/v1/logs`, { headers: { 'x-api-key': keys[id]! } })).status;
    expect([await status('acme'), await status('globex')]).toEqual([200, 200]);
    expect(filesWith(folder, 'acme')).not.toEqual([]);
    expect((await run('orgs', 'delete', 'acme')).err).toContain('add --confirm acme');
    expect(await status('acme')).toBe(200);
    const deleted = await run('orgs', 'delete', 'acme', '--confirm', 'acme', '--json');
    expect(await status('acme')).toBe(401);
    expect(await status('globex')).toBe(200);
    expect(JSON.parse(deleted.out)).toEqual({ organizationId: 'acme', keys: 1, logs: 3 });
    expect(auditOf(deleted)).toMatchObject([
      { audit: 'org.deleted', organizationId: 'acme', keys: 1 },
      { audit: 'logs.erased', organizationId: 'acme', by: 'organizationId', logs: 3, outcome: 'done' },
    ]);
    expect(filesWith(folder, 'acme')).toEqual([]);
    await server.stop();
    expect(filesWith(folder, 'acme')).toEqual([]);
    expect((await run('orgs', 'delete', 'acme', '--confirm', 'acme')).err).toContain('does not exist');
    expect((await run('orgs', 'create', 'acme')).status).toBe(0);
  });

  it('a server goes on ingesting: what it acknowledged for others is kept, nothing of the deleted one is', async () => {
    const { folder, run, keys } = await store();
    const server = await serving({ folder, environment: { RELAYLOG_LOG_LEVEL: 'error', ...HIGH_LIMITS } });
    let isDone = false;
    let sent = 100;
    const acknowledged = { acme: 0, globex: 0 };
    const rejected = new Set<number>();
    const send = async (id: 'acme' | 'globex') => {
      while (!isDone) {
        const batch = Array.from({ length: 20 }, () => log(++sent, { consumerId: 'late-consumer' }));
        const response = await fetch(`${server.url}/ingest/v1/request-logs`, jsonPost(keys[id]!, batch));
        if (response.status === 200) acknowledged[id] += batch.length;
        else rejected.add(response.status);
        await response.arrayBuffer();
        if (response.status === 401) return;
      }
    };
    // Pages are read before and after the names in them are deleted; none may fail.
    const pages = new Set<string>();
    const readPages = async (id: 'acme' | 'globex') => {
      while (!isDone) {
        const response = await fetch(`${server.url}/v1/logs?limit=50`, {
          headers: { 'x-api-key': keys[id]! },
        });
        pages.add(`${id} ${response.status}`);
        await response.arrayBuffer();
        if (response.status === 401) return;
      }
    };
    const readers = [readPages('acme'), readPages('globex')];
    const clients = (['acme', 'acme', 'acme', 'globex', 'globex'] as const).map(send);
    await expect
      .poll(() => Math.min(...Object.values(acknowledged)), { timeout: 30_000 })
      .toBeGreaterThan(100);
    const deleted = await run('orgs', 'delete', 'acme', '--confirm', 'acme', '--json');
    expect([deleted.status, deleted.err]).toEqual([0, expect.stringContaining('"outcome":"done"')]);
    isDone = true;
    await Promise.all([...clients, ...readers]);
    expect([...pages].sort()).toEqual(['acme 200', 'acme 401', 'globex 200']);
    expect(rejected).toContain(401);
    expect([...rejected].filter((status) => status !== 401 && status !== 503)).toEqual([]);
    expect(JSON.parse(deleted.out).logs).toBe(acknowledged.acme + 3);
    // A request in flight may still have consumed from its rate limit.
    expect(filesWith(folder, 'acme').filter((name) => !name.includes('-limits'))).toEqual([]);
    const response = await fetch(
      `${server.url}/graphql`,
      jsonPost(keys.globex!, { query: '{ requestLogs { totalCount(exact: true) } }' }),
    );
    expect(await response.json()).toEqual({
      data: { requestLogs: { totalCount: acknowledged.globex + 3 } },
    });
    // Names that were deleted and are sent again are found by the connections that had cached them.
    const list = await fetch(`${server.url}/v1/logs?limit=1`, { headers: { 'x-api-key': keys.globex! } });
    expect(await list.json()).toMatchObject({ data: [{ request_id: expect.any(String) }] });
    await server.stop();
  });
});

it('a deletion that was interrupted is completed when it is run again, and both runs are audited', async () => {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme'], { folder });
  const input = Array.from({ length: 12_000 }, (_, i) => JSON.stringify(log(i))).join('\n');
  await relaylog(['import', '-', '--org', 'acme', '--format', 'ndjson'], { folder, input });
  const args = ['orgs', 'delete', 'acme', '--confirm', 'acme', '--json'];
  const child = startRelaylog(args, { folder });
  const interrupted = ended(child);
  child.stderr!.once('data', () => child.kill('SIGINT'));
  const first = await interrupted;
  expect(first.status).toBe(1);
  expect(first.err).toMatch(/Stopped after \d+ logs were deleted: run the command again/);
  const [deleted, stopped] = auditOf(first);
  expect(deleted).toMatchObject({ audit: 'org.deleted', organizationId: 'acme' });
  expect(stopped).toMatchObject({ audit: 'logs.erased', outcome: 'stopped' });
  expect((await relaylog(['orgs', 'create', 'acme'], { folder })).err).toContain(
    'Logs of a deleted organization acme are left; to delete them, run: relaylog orgs delete acme',
  );
  const second = await relaylog(args, { folder });
  expect(auditOf(second)).toMatchObject([{ audit: 'logs.erased', outcome: 'done' }]);
  const { logs } = stopped as { logs: number };
  expect(JSON.parse(second.out)).toEqual({ organizationId: 'acme', keys: 0, logs: 12_000 - logs });
  expect(filesWith(folder, 'acme')).toEqual([]);
});

describe('the confirmation', () => {
  /** Answers each question as it is asked; null presses Ctrl-D. */
  async function confirm(...answers: (string | null)[]): Promise<{ asked: string; result: string }> {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    let asked = '';
    let next = 0;
    output.on('data', (chunk) => {
      asked += chunk;
      if (asked.split(/\[y\/N\] |\): /).length <= next + 1) return;
      const answer = answers[next++];
      if (answer === null) input.end('\x04');
      else if (answer !== undefined) input.write(`${answer}\n`);
    });
    const result = await confirmDeletion('acme', undefined, async () => 'This deletes 3 logs.', {
      input,
      output,
    }).then(
      () => 'confirmed',
      (error: Error) => error.message,
    );
    return { asked, result };
  }

  it('asks twice, and shows first what will be deleted', async () => {
    const { asked, result } = await confirm('y', 'acme');
    expect(result).toBe('confirmed');
    expect(asked).toMatch(
      /^This deletes 3 logs\.\n.*cannot be undone.*type the id of the organization \(acme\)/s,
    );
  });

  it.each([[['n']], [['']], [['yes', 'acm']], [['y', '']], [[null]], [['y', null]]])(
    '%j deletes nothing',
    async (answers) => {
      expect((await confirm(...answers)).result).toBe('Not confirmed: nothing was deleted');
    },
  );
});
