import { fieldsThat, type GatewayField, type LogField, type LogValues, NO_VALUES } from './fields.ts';
import type { PayloadPart } from './payload.ts';

/** One recorded API request, as every API shows it and every store keeps it: its identity, and the fields of `FIELDS`. */
export interface RequestLog extends LogValues {
  /** UUIDv7 in lower case; its time part is `createdAt`, so that id order agrees with time order. */
  readonly id: string;
  readonly organizationId: string;
}

type Required = 'id' | 'organizationId' | 'createdAt' | 'requestId' | 'method' | 'path' | 'statusCode';

/** A log of which at least this is known: other values are null or the default, and the gateway got it as it began. */
export function completeLog(known: Pick<RequestLog, Required> & Partial<RequestLog>): RequestLog {
  return { ...NO_VALUES, ...gatewayValues(known.createdAt), ...known };
}

const SET_BY_GATEWAY = fieldsThat(({ setByGateway }) => setByGateway);

function gatewayValues(time: number): Pick<RequestLog, GatewayField> {
  return Object.fromEntries(SET_BY_GATEWAY.map((name) => [name, time])) as Pick<RequestLog, GatewayField>;
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
