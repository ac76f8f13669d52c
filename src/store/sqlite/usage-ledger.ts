import { dayOf } from '../../usage/calendar.ts';
import { type UsageEntry, usageEntries, usageOfLog } from '../../usage/usage.ts';
import type { Database } from './database.ts';
import { timeFromHex } from './schema/id-bytes.ts';
import type { Names } from './schema/names.ts';
import { raw, type Sql, sql } from './sql/sql.ts';

/** The columns of a log that its usage is made from, in the order of `DeletedLog`. */
export const DELETED_LOG: Sql = raw(
  'lower(hex(id)), endpoint_type, api_key_id, status_code, billed_units, duration_ms',
);
export type DeletedLog = readonly [
  idHex: string,
  endpointType: string | null,
  apiKey: number | null,
  statusCode: number,
  billedUnits: number,
  /** -1 stands for null. */
  durationMs: number,
];

/** An entry with the number of the API key's name. */
type StoredEntry = Omit<UsageEntry, 'apiKeyId'> & { readonly apiKey: number | null };

/** A part of the ledger: the days from one on, up to another one. */
interface Days {
  readonly fromDay: number;
  readonly endDay: number;
}

/**
 * Adds the usage of logs to the ledger of their organization. Call it in the transaction that deletes them. An organization that
 * does not exist has no ledger.
 *
 * @param organization the number of its name.
 */
export function addDeletedLogs(
  db: Database,
  organizationId: string,
  organization: number,
  logs: readonly DeletedLog[],
): void {
  if (db.get(sql`SELECT 1 FROM organizations WHERE id = ${organizationId}`) === undefined) return;
  const entries = logs.map(([hex, endpointType, apiKey, statusCode, billedUnits, durationMs]) => ({
    day: dayOf(timeFromHex(hex)),
    endpointType,
    apiKey,
    ...usageOfLog({ statusCode, billedUnits, durationMs: durationMs < 0 ? null : durationMs }),
  }));
  for (const entry of summed(entries)) addEntry(db, organization, entry);
}

/** Replaces the name of an API key by null in the ledger. Call it in a transaction. */
export function forgetApiKey(db: Database, organization: number, apiKey: number): void {
  const ofKey = sql`organization_id = ${organization} AND api_key_id = ${apiKey}`;
  const entries = read(db, ofKey);
  if (entries.length === 0) return;
  db.run(sql`DELETE FROM usage_ledger WHERE ${ofKey}`);
  for (const entry of summed(entries.map((one) => ({ ...one, apiKey: null })))) {
    addEntry(db, organization, entry);
  }
}

/** Reads the ledger. Call it in a snapshot. */
export function readLedger(
  db: Database,
  names: Names,
  organizationId: string,
  { fromDay, endDay }: Days = { fromDay: 0, endDay: Number.MAX_SAFE_INTEGER },
): UsageEntry[] {
  const organization = names.numberOf(organizationId);
  return read(db, sql`organization_id = ${organization} AND day >= ${fromDay} AND day < ${endDay}`).map(
    ({ apiKey, ...entry }) => ({ ...entry, apiKeyId: apiKey === null ? null : names.nameOf(apiKey) }),
  );
}

/** Replaces the ledger of an organization. Call it in a transaction, after `names.refresh`. */
export function replaceLedger(
  db: Database,
  names: Names,
  organizationId: string,
  entries: readonly UsageEntry[],
): void {
  const organization = names.numberFor(organizationId);
  db.run(sql`DELETE FROM usage_ledger WHERE organization_id = ${organization}`);
  for (const { apiKeyId, ...entry } of usageEntries(entries)) {
    addEntry(db, organization, { ...entry, apiKey: apiKeyId === null ? null : names.numberFor(apiKeyId) });
  }
}

/** Deletes the ledger of the days before one. @param endDay null: all days. */
export function deleteLedger(db: Database, organization: number, endDay: number | null): void {
  const before = endDay === null ? raw('TRUE') : sql`day < ${endDay}`;
  db.run(sql`DELETE FROM usage_ledger WHERE organization_id = ${organization} AND ${before}`);
}

function read(db: Database, where: Sql): StoredEntry[] {
  return db.all<StoredEntry>(sql`
    SELECT day, endpoint_type AS endpointType, api_key_id AS apiKey, requests, billed_units AS billedUnits, errors,
      durations, duration_ms AS durationMs
    FROM usage_ledger WHERE ${where}`);
}

function addEntry(db: Database, organization: number, entry: StoredEntry): void {
  const { day, endpointType, apiKey, requests, billedUnits, errors, durations, durationMs } = entry;
  const changed = db.run(sql`
    UPDATE usage_ledger SET requests = requests + ${requests}, billed_units = billed_units + ${billedUnits},
      errors = errors + ${errors}, durations = durations + ${durations}, duration_ms = duration_ms + ${durationMs}
    WHERE organization_id = ${organization} AND day = ${day} AND api_key_id IS ${apiKey} AND endpoint_type IS ${endpointType}`);
  if (changed > 0) return;
  db.run(sql`
    INSERT INTO usage_ledger
      (organization_id, day, api_key_id, endpoint_type, requests, billed_units, errors, durations, duration_ms)
    VALUES (${organization}, ${day}, ${apiKey}, ${endpointType}, ${requests}, ${billedUnits}, ${errors}, ${durations},
      ${durationMs})`);
}

/** Adds entries of the same day, endpoint type and API key. */
function summed(entries: readonly StoredEntry[]): StoredEntry[] {
  const numbers = entries.map(({ apiKey, ...entry }) => ({
    ...entry,
    apiKeyId: apiKey === null ? null : String(apiKey),
  }));
  return usageEntries(numbers).map(({ apiKeyId, ...entry }) => ({
    ...entry,
    apiKey: apiKeyId === null ? null : Number(apiKeyId),
  }));
}
