import { eachPart } from '../log/payload.ts';
import type { Json, RequestLogPayload } from '../log/request-log.ts';

/** A payload as it is stored: each part as JSON text, or null if the part is null. */
export type PayloadText = { readonly [Part in keyof RequestLogPayload]: string | null };

export function payloadText(payload: RequestLogPayload): PayloadText {
  return eachPart((part) => text(payload[part]));
}

export function payloadFromText(kept: PayloadText): RequestLogPayload {
  return eachPart((part) => json(kept[part]));
}

function text(part: Json): string | null {
  return part === null ? null : JSON.stringify(part);
}

function json(kept: string | null): Json {
  return kept === null ? null : JSON.parse(kept);
}
