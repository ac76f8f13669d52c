import { DEFAULT_VALUES, fieldsWhere, type GatewayField, type LogField, type LogValues } from './fields.ts';
import type { PayloadPart } from './payload.ts';
import type { SerializedPayload } from './serialized-payload.ts';

/** One recorded API request: its identity and the fields of `FIELDS`. All APIs and stores use this type. */
export interface RequestLog extends LogValues {
  /** UUIDv7 in lower case. Its time part is `createdAt`, so ids sort in time order. */
  readonly id: string;
  readonly organizationId: string;
}

type Required = 'id' | 'organizationId' | 'createdAt' | 'requestId' | 'method' | 'path' | 'statusCode';

/** Builds a complete log: missing values are null or the field's default, and `receivedAt` defaults to `createdAt`. */
export function completeLog(known: Pick<RequestLog, Required> & Partial<RequestLog>): RequestLog {
  return { ...DEFAULT_VALUES, ...gatewayValues(known.createdAt), ...known };
}

const SET_BY_GATEWAY = fieldsWhere(({ setByGateway }) => setByGateway);

function gatewayValues(time: number): Pick<RequestLog, GatewayField> {
  return Object.fromEntries(SET_BY_GATEWAY.map((name) => [name, time])) as Pick<RequestLog, GatewayField>;
}

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Headers and bodies of one request. Stored separately, so that log rows stay small. */
export type RequestLogPayload = { readonly [Part in PayloadPart]: Json };

/** A log and its payload. The payload is null if the source sent neither headers nor bodies. */
export interface RecordedRequest {
  readonly log: RequestLog;
  readonly payload: RequestLogPayload | SerializedPayload | null;
}

/** A log of which only the fields `F` were read. */
export type LogWith<F extends LogField> = Pick<RequestLog, 'id' | 'organizationId' | 'createdAt' | F>;
