import type { RequestLog } from '../../log/request-log.ts';
import { UNKNOWN_DURATION } from '../../log/sort.ts';
import { raw, type Sql } from './sql.ts';

type Row = Record<string, string | number | null>;

/** Columns of `request_logs` with their SQL types, in the order of their table. */
export const LOG_COLUMNS = {
  organizationId: 'TEXT NOT NULL',
  createdAt: 'INTEGER NOT NULL',
  id: 'TEXT NOT NULL',
  requestId: 'TEXT NOT NULL',
  method: 'TEXT NOT NULL',
  path: 'TEXT NOT NULL',
  statusCode: 'INTEGER NOT NULL',
  durationMs: 'INTEGER NOT NULL',
  routePattern: 'TEXT',
  authType: 'TEXT',
  apiKeyId: 'TEXT',
  apiKeyPrefix: 'TEXT',
  endpointType: 'TEXT',
  errorType: 'TEXT',
  errorDetail: 'TEXT',
  ipAddress: 'TEXT',
  userAgent: 'TEXT',
  billedUnits: 'INTEGER NOT NULL',
  traceId: 'TEXT',
} as const satisfies Record<keyof RequestLog, string>;

export type LogColumn = keyof typeof LOG_COLUMNS;
export const LOG_COLUMN_NAMES = Object.keys(LOG_COLUMNS) as readonly LogColumn[];

/** `createdAt` as the database names it: `created_at`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function column(name: LogColumn): Sql {
  return raw(snakeCase(name));
}

/** Selects every column under the name that the log's field has. */
export const ALL_COLUMNS: Sql = raw(
  LOG_COLUMN_NAMES.map((name) => `${snakeCase(name)} AS ${name}`).join(', '),
);

export function logFromRow(row: Row): RequestLog {
  const log = row as unknown as RequestLog;
  return log.durationMs === UNKNOWN_DURATION ? { ...log, durationMs: null } : log;
}

/** Values of a log in the order of the columns. */
export function rowFromLog(log: RequestLog): (string | number | null)[] {
  return LOG_COLUMN_NAMES.map((name) =>
    name === 'durationMs' ? (log.durationMs ?? UNKNOWN_DURATION) : log[name],
  );
}
