import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { expectedPage } from '../../../../test/store/oracle.ts';
import { SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { EVERYTHING } from '../../../log/filter.ts';
import type { RequestLog, RequestLogPayload } from '../../../log/request-log.ts';
import { openStore } from '../../open-store.ts';
import { migrate, SCHEMA_VERSION } from './migrate.ts';

const tablesOf = (db: DatabaseSync) =>
  db.prepare('SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name').all();

it('brings a database of each earlier version to ours, and keeps what it holds', () => {
  const fresh = new DatabaseSync(':memory:');
  migrate(fresh);
  for (let version = 1; version < SCHEMA_VERSION; version++) {
    const db = new DatabaseSync(':memory:');
    migrate(db, version);
    db.exec(`INSERT INTO organizations VALUES ('acme', 'free', 1);
      INSERT INTO api_keys (id, organization_id, prefix, hash, scopes, created_at) VALUES ('k', 'acme', 'p', 'h', '[]', 1)`);
    migrate(db);
    expect(tablesOf(db)).toEqual(tablesOf(fresh));
    expect(db.prepare('SELECT id, expires_at FROM api_keys').all()).toEqual([{ id: 'k', expires_at: null }]);
  }
});

const logs = Array.from({ length: 300 }, (_, i) =>
  sampleLog({
    organizationId: i % 3 === 0 ? 'globex' : 'acme',
    requestId: `r${i}`,
    createdAt: SAMPLE_TIME + (i % 90),
    statusCode: i % 4 === 0 ? 404 : 200,
    durationMs: i % 5 === 0 ? null : i,
    routePattern: [null, '/v1/things/{id}', '/é', 'acme'][i % 4]!,
    apiKeyId: i % 2 === 0 ? null : `key_${i % 7}`,
    traceId: i % 2 === 0 ? null : 'a'.repeat(32),
  }),
);
const payloadOf = (log: RequestLog): RequestLogPayload => ({
  requestHeaders: { accept: '*/*' },
  requestBody: log.requestId,
  responseHeaders: null,
  responseBody: [1],
});

/** A file as Relaylog wrote it in the versions 1 to 3. */
function oldFile(version: number, change = ''): string {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  migrate(db, version);
  for (const log of logs) {
    const row = { ...log, durationMs: log.durationMs ?? -1 };
    const names = Object.keys(row).map((name) => name.replace(/[A-Z]/g, (a) => `_${a.toLowerCase()}`));
    db.prepare(`INSERT INTO request_logs (${names}) VALUES (${names.map(() => '?')})`).run(
      ...Object.values(row),
    );
    const { requestHeaders, requestBody, responseBody } = payloadOf(log);
    const texts = [requestHeaders, requestBody, null, responseBody].map((part) =>
      part === null ? null : JSON.stringify(part),
    );
    db.prepare('INSERT INTO request_log_payloads VALUES (?, ?, ?, ?, ?, ?)').run(
      log.organizationId,
      log.id,
      ...texts,
    );
  }
  db.exec(change);
  db.close();
  return file;
}

it.each([1, 2, 3])('keeps every log and payload of a file of version %i, in its order', async (version) => {
  const store = await openStore(`sqlite:${oldFile(version)}`, { inline: true });
  for (const organizationId of ['acme', 'globex']) {
    const scope = { organizationId, visibleFrom: null };
    for (const sort of ['createdAt', 'durationMs', 'statusCode'] as const) {
      const query = { scope, filter: EVERYTHING, sort, direction: 'desc', limit: 500 } as const;
      expect(await store.find(query)).toEqual(expectedPage(logs, query));
    }
    const own = logs.filter((log) => log.organizationId === organizationId);
    const payloads = await store.payloads(
      scope,
      own.map(({ id }) => id),
    );
    expect(payloads).toEqual(own.map(payloadOf));
  }
  const again = await store.insert(logs.map((log) => ({ log, payload: null })));
  expect(again).toEqual({ stored: 0, duplicates: logs.length });
  await store.close();
});

it.each([
  ["UPDATE request_logs SET id = 'no-id' WHERE request_id = 'r7'"],
  ["UPDATE request_logs SET created_at = created_at + 1 WHERE request_id = 'r7'"],
  ["UPDATE request_log_payloads SET organization_id = 'nobody' WHERE request_body = '\"r7\"'"],
])(
  'refuses an older file with a row that no log could have made, and leaves it as it was: %s',
  async (change) => {
    const file = oldFile(3, change);
    for (let i = 0; i < 2; i++) {
      await expect(openStore(`sqlite:${file}`, { inline: true })).rejects.toThrow(
        'the database file is damaged',
      );
    }
    const db = new DatabaseSync(file);
    expect(db.prepare('SELECT count(*) AS n FROM request_logs').get()).toEqual({ n: logs.length });
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 });
    db.close();
  },
);
