import type { Binary } from 'mongodb';
import type { RecordedRequest, RequestLog, RequestLogPayload } from '../../log/request-log.ts';
import { UNKNOWN_DURATION } from '../../log/sort.ts';
import { type PayloadText, payloadFromText, payloadText } from '../payload-text.ts';
import type { ApiKey, Organization } from '../store.ts';

/** A log as MongoDB keeps it: its id is `_id`, its time a date, an unknown duration -1; a field without a value is null. */
export interface LogDocument extends Omit<RequestLog, 'id' | 'createdAt' | 'durationMs'> {
  readonly _id: string;
  readonly createdAt: Date;
  readonly durationMs: number;
}

/** Headers and bodies as JSON text: keys with `.` or `$` and any depth are kept as they were. `_id` is the log's. */
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
  /** Whether the last draw was granted. */
  readonly granted: boolean;
  readonly idleFrom: Date;
}

export interface SettingDocument {
  readonly _id: string;
  readonly value: Binary;
}

export function documentFromLog({ id, createdAt, durationMs, ...rest }: RequestLog): LogDocument {
  return { _id: id, createdAt: new Date(createdAt), durationMs: durationMs ?? UNKNOWN_DURATION, ...rest };
}

export function logFromDocument({ _id, createdAt, durationMs, ...rest }: LogDocument): RequestLog {
  return {
    id: _id,
    createdAt: createdAt.getTime(),
    durationMs: durationMs === UNKNOWN_DURATION ? null : durationMs,
    ...rest,
  };
}

/** Null where the log came without headers and bodies. */
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
