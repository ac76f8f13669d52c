import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { expectedPage } from '../../../../test/store/oracle.ts';
import { fieldOf, LOG_FIELDS } from '../../../log/fields.ts';
import { MATCH_ALL } from '../../../log/filter.ts';
import { PAYLOAD_PART_NAMES } from '../../../log/payload.ts';
import { completeLog, type RecordedRequest } from '../../../log/request-log.ts';
import { SORT_FIELDS } from '../../../log/sort.ts';
import { type LogIndex, SQLITE_INDEXES } from '../../indexes.ts';
import { openStore } from '../../open-store.ts';
import type { ApiKey, Organization } from '../../store.ts';
import { isInterned, snakeCase } from './columns.ts';
import { indexName } from './index-name.ts';
import { migrate, SCHEMA_VERSION } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** The contents of a small database file, written by the store of an earlier version. */
interface Fixture {
  readonly organizations: readonly Organization[];
  readonly keys: readonly ApiKey[];
  readonly logs: readonly RecordedRequest[];
}

const fixturePath = (version: number, extension: 'db' | 'json') =>
  join(import.meta.dirname, `../../../../test/fixtures/sqlite/version-${version}.${extension}`);

function copyOf(version: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  copyFileSync(fixturePath(version, 'db'), file);
  return file;
}

const columnsOf = (db: DatabaseSync, table: string) =>
  db
    .prepare(`SELECT name, type, "notnull" AS required FROM pragma_table_info(?) ORDER BY name`)
    .all(table)
    .map((row) => ({ ...row }));

it.each(MIGRATIONS)('keeps every row of a file of version $version', async ({ version }) => {
  const held: Fixture = JSON.parse(readFileSync(fixturePath(version, 'json'), 'utf8'));
  const file = copyOf(version);
  const secretOf = (db: DatabaseSync) => db.prepare('SELECT value FROM settings').all();
  const before = new DatabaseSync(file);
  const [secret, from] = [secretOf(before), before.prepare('PRAGMA user_version').get()];
  expect(from).toEqual({ user_version: version });
  before.close();

  const store = await openStore(`sqlite:${file}`, { inline: true });
  expect(await store.listOrganizations()).toEqual(held.organizations);
  expect(await store.listKeys('acme')).toEqual(held.keys);
  const logs = held.logs.map(({ log }) => completeLog(log));
  for (const { id: organizationId } of held.organizations) {
    const scope = { organizationId, visibleFrom: null };
    for (const sort of SORT_FIELDS) {
      const query = { scope, filter: MATCH_ALL, sort, direction: 'desc', limit: 500 } as const;
      expect(await store.find(query)).toEqual(expectedPage(logs, query));
    }
    const own = held.logs.filter(({ log }) => log.organizationId === organizationId);
    const ids = own.map(({ log }) => log.id);
    expect(await store.payloads(scope, ids)).toEqual(own.map(({ payload }) => payload));
  }
  const again = held.logs.map(({ log, payload }) => ({ log: completeLog(log), payload }));
  expect(await store.insert(again)).toEqual({ stored: 0, duplicates: held.logs.length });
  await store.close();

  const [fresh, after] = [new DatabaseSync(':memory:'), new DatabaseSync(file)];
  migrate(fresh);
  const tablesOf = (db: DatabaseSync) =>
    db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
      .all()
      .map(({ name }) => [name, columnsOf(db, String(name))]);
  expect(tablesOf(after)).toEqual(tablesOf(fresh));
  expect(secretOf(after)).toEqual(secret);
});

it('creates the declared columns and indexes', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const column = (name: string, type: string, required: boolean) => ({
    name: snakeCase(name),
    type,
    required: required ? 1 : 0,
  });
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const identity = [column('organizationId', 'INTEGER', true), column('id', 'BLOB', true)];
  const fields = LOG_FIELDS.filter((name) => name !== 'createdAt').map((name) => {
    const { kind, nullable, nullSortKey } = fieldOf(name);
    const type = kind === 'text' && !isInterned(name) ? 'TEXT' : 'INTEGER';
    return column(name, type, !nullable || nullSortKey !== undefined);
  });
  expect(columnsOf(db, 'request_logs')).toEqual([...identity, ...fields].sort(byName));
  const parts = PAYLOAD_PART_NAMES.map((part) => column(part, 'TEXT', false));
  expect(columnsOf(db, 'request_log_payloads')).toEqual([...identity, ...parts].sort(byName));

  const found = db
    .prepare(`SELECT name, "unique" AS isUnique, partial FROM pragma_index_list('request_logs')`)
    .all()
    .map(({ name, isUnique, partial }) => ({
      name,
      keys: db
        .prepare('SELECT name FROM pragma_index_info(?)')
        .all(name!)
        // The time block is an expression.
        .map((key) => key.name ?? 'time_block'),
      isUnique: isUnique === 1,
      where: partial === 1 ? sqlOf(db, String(name)).split(' WHERE ')[1] : undefined,
    }));
  const declared = Object.values<LogIndex>(SQLITE_INDEXES).map((index) => ({
    name: indexName(index),
    // The id starts with the time.
    keys: [...index.keys.filter((key) => key !== 'createdAt'), ...(index.includes ?? [])].map(snakeCase),
    isUnique: index.unique === true || index.name === SQLITE_INDEXES.newest.name,
    where: whereOf(index),
  }));
  const sorted = (all: readonly { name: unknown }[]) =>
    [...all].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
  expect(sorted(found)).toEqual(sorted(declared));
});

function whereOf({ minStatusCode, notNull }: LogIndex): string | undefined {
  if (notNull !== undefined) return `${snakeCase(notNull)} IS NOT NULL`;
  return minStatusCode === undefined ? undefined : `status_code >= ${minStatusCode}`;
}

function sqlOf(db: DatabaseSync, name: string): string {
  return String(db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(name)!.sql);
}

it.each([
  [3, `schema version 3 of an unreleased version of Relaylog; supported versions are 4 to ${SCHEMA_VERSION}`],
  [
    SCHEMA_VERSION + 1,
    `schema version ${SCHEMA_VERSION + 1}, but this version of Relaylog supports versions up to ${SCHEMA_VERSION}`,
  ],
])('rejects a file of version %i and does not change it', async (version, reason) => {
  const file = copyOf(4);
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA user_version = ${version}`);
  await expect(openStore(`sqlite:${file}`, { inline: true })).rejects.toThrow(reason);
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: version });
  db.close();
});
