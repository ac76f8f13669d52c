import type { Binary, ObjectId } from 'mongodb';
import { objectLiteral } from '../../lib/generated-literal.ts';
import { fieldOf, LOG_FIELDS, type LogField, type TimeField } from '../../log/fields.ts';
import type { RecordedRequest, RequestLog, RequestLogPayload } from '../../log/request-log.ts';
import type { PayloadText } from '../../log/serialized-payload.ts';
import type { SortField } from '../../log/sort.ts';
import { payloadFromText, payloadText } from '../payload-text.ts';
import type { ApiKey, Organization } from '../store.ts';

type Stored<F extends LogField> = F extends TimeField ? Date : F extends SortField ? number : RequestLog[F];

/**
 * A log as stored in MongoDB: its id is `_id`, times are dates, and a null sort key is stored as its sentinel number
 * (`nullSortKey`). A document may lack a field that was added later: it then reads as null, or as `createdAt` for a time.
 */
export type LogDocument = { readonly [F in LogField]: Stored<F> } & {
  readonly _id: string;
  readonly organizationId: string;
};

/** Headers and bodies as JSON text, which preserves keys with `.` or `$` and any nesting depth. `_id` is the log's id. */
export interface PayloadDocument extends PayloadText {
  readonly _id: string;
  readonly organizationId: string;
}

export interface OrganizationDocument extends Omit<Organization, 'id' | 'createdAt'> {
  readonly _id: string;
  readonly createdAt: Date;
}

type KeyTimes = 'revokedAt' | 'expiresAt' | 'lastUsedAt';

export interface KeyDocument
  extends Omit<ApiKey, 'id' | 'createdAt' | KeyTimes>,
    Readonly<Record<KeyTimes, Date | null>> {
  readonly _id: string;
  readonly createdAt: Date;
}

export interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

export interface BucketDocument {
  readonly _id: string;
  readonly used: number;
  readonly at: Date;
  readonly reservedUntil: Date;
  /** Whether the last request was granted. */
  readonly granted: boolean;
  readonly idleFrom: Date;
}

export interface SettingDocument {
  readonly _id: string;
  readonly value: Binary;
}

/** The cells of one group of a roll-up on a day; see `DayCells`. */
export interface RollUpDayDocument {
  readonly organizationId: string;
  /** The code of the roll-up. */
  readonly rollUp: number;
  /** Days since 1970. */
  readonly day: number;
  /** See `keyText`. */
  readonly key: string;
  readonly total: Binary;
  readonly hours: Binary;
  /** Another one after each change, so that no change is lost. */
  readonly version: ObjectId;
}

/** What a roll-up holds of a day. */
export interface RollUpContentsDocument {
  readonly organizationId: string;
  readonly rollUp: number;
  readonly day: number;
  /** Number of groups. */
  readonly groups: number;
  /** A bit for each hour that the roll-up leaves out. */
  readonly hoursLeftOut: number;
  readonly version: ObjectId;
}

/** Says that the logs of an hour may differ from its cells. */
export interface RollUpMarkDocument {
  readonly organizationId: string;
  /** Hours since 1970. */
  readonly hour: number;
  /** The number of logs whose insertion or deletion was announced. 0: none was, and only the cells are missing. */
  readonly changes: number;
  /** Whether the hour can have more logs than its cells and the changes say. */
  readonly isUncounted?: boolean;
}

export interface RollUpProgressDocument {
  /** The organization. */
  readonly _id: string;
  /** The first hour that is rolled up, in hours since 1970. */
  readonly fromHour: number;
  /** Another one each time that all roll-ups are built again. */
  readonly build: ObjectId;
  /** The codes of the roll-ups that leave out any hour, or did. Without it, each of them may. */
  readonly leavesOut?: readonly number[];
}

export const documentFromLog = objectLiteral<(log: RequestLog) => LogDocument>(['log'], {
  _id: 'log.id',
  organizationId: 'log.organizationId',
  ...Object.fromEntries(LOG_FIELDS.map((name) => [name, encoded(name)])),
});

/** Fields that the query did not project are null. */
export const logFromDocument = objectLiteral<(document: LogDocument) => RequestLog>(['document'], {
  id: 'document._id',
  organizationId: 'document.organizationId',
  ...Object.fromEntries(LOG_FIELDS.map((name) => [name, decoded(name)])),
});

function encoded(name: LogField): string {
  const { kind, nullSortKey } = fieldOf(name);
  const value = `log.${name}`;
  if (kind === 'time') return `new Date(${value})`;
  return nullSortKey === undefined ? value : `${value} ?? ${nullSortKey}`;
}

function decoded(name: LogField): string {
  const { kind, nullSortKey } = fieldOf(name);
  const value = `document.${name}`;
  if (kind === 'time') return `(${value} ?? document.createdAt).getTime()`;
  return nullSortKey === undefined
    ? `${value} ?? null`
    : `${value} === ${nullSortKey} ? null : ${value} ?? null`;
}

/** Returns null if the log has no payload. */
export function documentFromPayload({ log, payload }: RecordedRequest): PayloadDocument | null {
  return payload && { _id: log.id, organizationId: log.organizationId, ...payloadText(payload) };
}

export function payloadFromDocument({ _id, organizationId, ...text }: PayloadDocument): RequestLogPayload {
  return payloadFromText(text);
}

export function documentFromOrganization({ id, plan, createdAt }: Organization): OrganizationDocument {
  return { _id: id, plan, createdAt: new Date(createdAt) };
}

export function organizationFromDocument({ _id, plan, createdAt }: OrganizationDocument): Organization {
  return { id: _id, plan, createdAt: createdAt.getTime() };
}

export function documentFromKey(key: ApiKey): KeyDocument {
  const { id, createdAt, revokedAt, expiresAt, lastUsedAt, ...rest } = key;
  return {
    _id: id,
    createdAt: new Date(createdAt),
    revokedAt: dateOf(revokedAt),
    expiresAt: dateOf(expiresAt),
    lastUsedAt: dateOf(lastUsedAt),
    ...rest,
  };
}

export function keyFromDocument(document: KeyDocument): ApiKey {
  const { _id, createdAt, revokedAt, expiresAt, lastUsedAt, ...rest } = document;
  return {
    id: _id,
    createdAt: createdAt.getTime(),
    revokedAt: timeOf(revokedAt),
    expiresAt: timeOf(expiresAt),
    lastUsedAt: timeOf(lastUsedAt),
    ...rest,
  };
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}

function timeOf(date: Date | null): number | null {
  return date?.getTime() ?? null;
}
