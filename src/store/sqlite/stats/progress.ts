import type { Database } from '../database.ts';
import { sql } from '../sql/sql.ts';

/** The first rolled-up hour of an organization without any. It is after every hour that a log can have. */
const NOT_STARTED = 2 ** 40;

/** The first hour that is rolled up; after every possible hour if none is. @param organization the number of its name. */
export function fromHourOf(db: Database, organization: number): number {
  const row = db.get(
    sql`SELECT from_hour AS hour FROM roll_up_progress WHERE organization_id = ${organization}`,
  );
  return row === undefined ? NOT_STARTED : Number(row.hour);
}

/** Like `fromHourOf`, and adds an organization that gets its first logs. Call it in the transaction that inserts them. */
export function addedFromHourOf(db: Database, organization: number): number {
  db.run(sql`
    INSERT INTO roll_up_progress (organization_id, from_hour) VALUES (${organization}, ${NOT_STARTED})
    ON CONFLICT DO NOTHING`);
  return fromHourOf(db, organization);
}

export function setFromHour(db: Database, organization: number, hour: number): void {
  db.run(sql`UPDATE roll_up_progress SET from_hour = ${hour} WHERE organization_id = ${organization}`);
}

/** From now on, nothing is rolled up. */
export function startAgain(db: Database): void {
  db.run(sql`UPDATE roll_up_progress SET from_hour = ${NOT_STARTED}`);
}

/** The numbers of organizations that have or had logs, from one on, if their names still exist. */
export function organizationsFrom(db: Database, first: number): number[] {
  return db
    .rows<[number]>(sql`
      SELECT organization_id FROM roll_up_progress
      WHERE organization_id >= ${first} AND organization_id IN (SELECT number FROM names) ORDER BY organization_id`)
    .map(([number]) => number);
}

/** The numbers of organizations with logs that are not rolled up yet. */
export function unfinishedOrganizations(db: Database, limit: number): number[] {
  return db
    .rows<[number]>(sql`SELECT organization_id FROM roll_up_progress WHERE from_hour > 0 LIMIT ${limit}`)
    .map(([number]) => number);
}

export function countUnfinishedOrganizations(db: Database): number {
  return Number(db.get(sql`SELECT count(*) AS n FROM roll_up_progress WHERE from_hour > 0`)!.n);
}
