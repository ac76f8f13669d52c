import type { RecordedRequest } from '../../../log/request-log.ts';
import { UNKNOWN_DURATION } from '../../../log/sort.ts';
import { type PayloadText, payloadText } from '../../payload-text.ts';
import type { SqlValue } from '../sql/sql.ts';
import { LOG_COLUMN_NAMES, NAMED_COLUMNS } from './columns.ts';
import { idBytes } from './id-bytes.ts';
import type { Names } from './names.ts';

/** A log and its payload on their way to the thread that writes: cheaper to send than the log itself. */
export interface InsertRow {
  /** In the order of the columns; names and the id are still text. */
  readonly values: readonly (string | number | null)[];
  readonly payload: PayloadText | null;
}

export function insertRow({ log, payload }: RecordedRequest): InsertRow {
  return {
    values: [
      log.organizationId,
      log.id,
      log.requestId,
      log.method,
      log.path,
      log.statusCode,
      log.durationMs ?? UNKNOWN_DURATION,
      log.routePattern,
      log.authType,
      log.apiKeyId,
      log.apiKeyPrefix,
      log.endpointType,
      log.errorType,
      log.errorDetail,
      log.ipAddress,
      log.userAgent,
      log.billedUnits,
      log.traceId,
    ],
    payload: payload === null ? null : payloadText(payload),
  };
}

const ORGANIZATION = LOG_COLUMN_NAMES.indexOf('organizationId');
const ID = LOG_COLUMN_NAMES.indexOf('id');
const NAMED = NAMED_COLUMNS.map((name) => LOG_COLUMN_NAMES.indexOf(name));

/** The values as the table holds them; names that are new get a number, inside the transaction. */
export function storedValues({ values }: InsertRow, names: Names): SqlValue[] {
  const stored: SqlValue[] = values.slice();
  for (const i of NAMED) {
    const name = values[i]!;
    if (name !== null) stored[i] = names.numberFor(String(name));
  }
  stored[ID] = idBytes(String(values[ID]));
  return stored;
}

/** Where the payload of a log belongs: the number of its organization, and its id. */
export function storedKey(stored: readonly SqlValue[]): SqlValue[] {
  return [stored[ORGANIZATION]!, stored[ID]!];
}
