import type { LogField, LogValues } from './fields.ts';
import type { PayloadPart } from './payload.ts';

/** One recorded API request, as every API shows it and every store keeps it: its identity, and the fields of `FIELDS`. */
export interface RequestLog extends LogValues {
  /** UUIDv7 in lower case; its time part is `createdAt`, so that id order agrees with time order. */
  readonly id: string;
  readonly organizationId: string;
}

/** What JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Headers and bodies of one request; kept apart so that the logs themselves stay small. */
export type RequestLogPayload = { readonly [Part in PayloadPart]: Json };

/** A log together with its payload; null if the source sent neither headers nor bodies. */
export interface RecordedRequest {
  readonly log: RequestLog;
  readonly payload: RequestLogPayload | null;
}

/** A log of which only some fields were read. */
export type LogWith<F extends LogField> = Pick<RequestLog, 'id' | 'organizationId' | 'createdAt' | F>;
