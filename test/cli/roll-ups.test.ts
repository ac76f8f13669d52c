import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../src/access/api-key.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import { openStore } from '../../src/store/open-store.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { type Ended, relaylog, serving, workFolder } from '../support/cli.ts';
import { jsonPost } from '../support/json-post.ts';

/** A time at which the hour is over, in this and the following hour. */
const YESTERDAY = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - DAY_MS;

/** A store with an organization and sixty logs of yesterday, rolled up, in a folder of its own. Returns the folder and a key. */
async function rolledUp(): Promise<{ folder: string; key: string }> {
  const folder = workFolder();
  const store = await openStore(`sqlite:${join(folder, 'data/relaylog.db')}`, { inline: true });
  await store.createOrganization({ id: 'acme', plan: 'archive', createdAt: YESTERDAY });
  const scopes = ['logs:read', 'logs:write'] as const;
  const { key, record } = newApiKey({ organizationId: 'acme', scopes, expiresAt: null }, YESTERDAY);
  await store.createKey(record);
  const logs = Array.from({ length: 60 }, (_, number) => {
    const i = number % 6;
    return sampleLog({
      createdAt: YESTERDAY + number,
      requestId: `r${number}`,
      method: i < 4 ? 'GET' : 'POST',
      routePattern: i === 5 ? null : '/route',
      statusCode: [200, 200, 200, 404, 500, 503][i]!,
      durationMs: i === 0 ? null : 100 * i,
      billedUnits: i,
    });
  });
  await store.insert(logs.map(recorded));
  while (await store.rollUpStep(Date.now()));
  await store.close();
  return { folder, key };
}

const unchanged = rolledUp();

/** Changes the file of the store behind its back. `COPIED` stands for the columns of a log, except its ids. */
function change(folder: string, statement: string): void {
  const db = new DatabaseSync(join(folder, 'data/relaylog.db'));
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('request_logs');
  const copied = columns.map(({ name }) => String(name)).filter((name) => !IDS.includes(name));
  const { changes } = db.prepare(statement.replaceAll('COPIED', copied.join(', '))).run();
  expect([statement, Number(changes)]).toEqual([statement, 1]);
  db.close();
}

const IDS = ['organization_id', 'id', 'request_id'];

describe('relaylog stats', () => {
  it('prints the measures of the groups, as a table and as JSON', async () => {
    const { folder } = await unchanged;
    const run = (...args: string[]) => relaylog(['stats', ...args], { folder });
    expect((await run('--last', '30d', '--by', 'route,method')).out).toBe(
      `ROUTE PATTERN  METHOD  LOGS  4XX    5XX     P50 MS  P95 MS  P99 MS  UNITS
/route         GET     40    25.0%  0.0%    198     300     300     60
(none)         POST    10    0.0%   100.0%  500     500     500     50
/route         POST    10    0.0%   100.0%  400     400     400     40
(all)                  60    16.7%  33.3%   301     497     500     150
`,
    );
    const { out } = await run(
      '--last',
      '48h',
      '--by',
      'method',
      '--order',
      'server-error-count',
      '--top',
      '1',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({
      organizationId: 'acme',
      by: ['METHOD'],
      groups: [
        {
          key: ['POST'],
          count: 20,
          serverErrorCount: 20,
          serverErrorRate: 1,
          durationMs: { sum: 9_000, p50: 400 },
        },
      ],
      all: { count: 60, billedUnits: 150, durationMs: { count: 50, min: 100, max: 500 } },
    });
    expect((await run('--last', '1m')).out).toMatch(/^LOGS .*\n0 +0\n$/);
  });

  it.each([
    [['--last', '1x'], '--last must be a duration such as 15m, 24h or 7d, or all, not "1x"'],
    [['--by', 'method,method'], 'METHOD is given twice'],
    [['--by', 'toString'], 'Cannot group by "toString"; available: method, route'],
    [['--order', 'age'], "'age' is invalid. Allowed choices are"],
    [['--org', 'globex'], 'Organization "globex" does not exist; available: acme'],
  ])('rejects %j', async (args, message) => {
    const { status, out, err } = await relaylog(['stats', ...args], await unchanged);
    expect({ status, out, err }).toEqual({ status: 1, out: '', err: expect.stringContaining(message) });
  });
});

describe('relaylog doctor --stats', () => {
  it('names every cell that differs from the logs, and stats rebuild mends it', async () => {
    const { folder } = await rolledUp();
    const doctor = async (...args: string[]) => relaylog(['doctor', '--stats', ...args], { folder });
    expect(await doctor()).toMatchObject({ status: 0, out: 'The roll-ups of 24 hours equal the logs.\n' });
    const faults: [statement: string, message: RegExp][] = [
      [
        `UPDATE roll_up_days SET hours = unhex(substr(hex(hours), 1, 4) || '63' || substr(hex(hours), 7)) WHERE roll_up = 1 AND key = '["GET"]'`,
        /METHOD=GET: the roll-up has 99 logs, the store 41 logs/,
      ],
      [
        `UPDATE roll_up_days SET hours = substr(hours, 1, length(hours) - 1) WHERE roll_up = 2 AND key = '[200]'`,
        /STATUS_CODE=200: the roll-up has nothing, the store 30 logs/,
      ],
      [
        `UPDATE roll_up_days SET total = x'0a' WHERE roll_up = 0`,
        /\+ 86400 s, all logs: the roll-up has nothing, its hours have 60 logs/,
      ],
      [
        `DELETE FROM roll_up_days WHERE roll_up = 11 AND key = '[404,"GET"]'`,
        /STATUS_CODE=404 METHOD=GET: the roll-up has nothing, the store 11 logs/,
      ],
      [
        `UPDATE roll_up_days SET key = '["PUT"]' WHERE roll_up = 1 AND key = '["POST"]'`,
        /METHOD=PUT: the roll-up has 20 logs, the store nothing/,
      ],
      [
        `INSERT INTO request_logs (organization_id, id, request_id, COPIED) SELECT organization_id, unhex(hex(substr(id, 1, 15)) || '00'), 'behind', COPIED FROM request_logs WHERE request_id = 'r3'`,
        /STATUS_CODE=404: the roll-up has 10 logs, the store 11 logs/,
      ],
      [
        `DELETE FROM request_logs WHERE request_id = 'r4'`,
        /STATUS_CODE=500: the roll-up has 10 logs, the store 9 logs/,
      ],
    ];
    for (const [statement] of faults) change(folder, statement);
    const found = await doctor();
    expect(found.status).toBe(1);
    for (const [, message] of faults) expect(found.out).toMatch(message);
    expect(found.out).toMatch(
      /\d+ cells differ from the logs. To build them again, run: relaylog stats rebuild\n$/,
    );
    const json = JSON.parse((await doctor('--json')).out);
    expect(json.differences).toBe(json.shown.length);
    expect(await relaylog(['stats', 'rebuild'], { folder })).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^The roll-ups were built again in [\d.]+ s \(\d+ steps\)/),
    });
    expect(await doctor()).toMatchObject({ status: 0 });
    const { out } = await relaylog(['stats', '--last', 'all', '--json'], { folder });
    expect(JSON.parse(out).all.count).toBe(60);
  });
});

describe('while a server runs', () => {
  it('stats rebuild changes no answer, and each acknowledged log is in the next one', async () => {
    const { folder, key } = await rolledUp();
    const server = await serving({ folder, demo: false });
    const send = async (path: string, body: object) =>
      (await fetch(server.url + path, jsonPost(key, body))).json() as Promise<unknown>;
    const rebuilt: Promise<Ended>[] = [];
    for (let i = 0; i < 40; i++) {
      if (i % 20 === 0) rebuilt.push(relaylog(['stats', 'rebuild', '--json'], { folder }));
      const log = { method: 'PUT', path: '/x', statusCode: 200, requestId: `n${i}` };
      await send('/ingest/v1/request-logs', [{ ...log, createdAt: YESTERDAY + (i % 5) * HOUR_MS }]);
      const query =
        '{ requestLogStats { measures { count } groups(by: METHOD) { nodes { measures { count } } } } }';
      expect(await send('/graphql', { query })).toMatchObject({
        data: { requestLogStats: { measures: { count: 61 + i } } },
      });
    }
    for (const { status, out, err } of await Promise.all(rebuilt)) {
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(JSON.parse(out)).toEqual({ steps: expect.any(Number), seconds: expect.any(Number) });
    }
    await expect
      .poll(async () => (await relaylog(['doctor', '--stats', '--json'], { folder })).out, {
        timeout: 20_000,
      })
      .toContain('"changedHours":0');
    expect(await relaylog(['doctor', '--stats'], { folder })).toMatchObject({ status: 0 });
    expect((await server.stop()).status).toBe(0);
  });
});
