import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate } from '../schema/migrate.ts';
import { deleteOldestSql } from './delete-sql.ts';

it('seeks each deleted row by its complete primary key', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const plan = ({ text, values }: ReturnType<typeof deleteOldestSql>['logs']) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all(...values)
      .map(({ detail }) => detail);
  const { payloads, logs } = deleteOldestSql('acme', 5, 10, { numberOf: () => 1 });
  expect(plan(logs)[0]).toContain('PRIMARY KEY (organization_id=? AND id=?)');
  for (const statement of [logs, payloads]) {
    expect(plan(statement).join()).not.toContain('TEMP B-TREE');
    expect(plan(statement).join()).not.toContain('SCAN request_logs');
  }
  expect(plan(payloads)[0]).toContain('(organization_id=? AND id=?)');
});
