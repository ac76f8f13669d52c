import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate, SCHEMA_VERSION } from './schema.ts';

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
