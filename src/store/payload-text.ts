import { mapPayloadParts } from '../log/payload.ts';
import type { Json, RequestLogPayload } from '../log/request-log.ts';
import { type PayloadText, SerializedPayload } from '../log/serialized-payload.ts';

/** Returns the form in which the stores keep a payload. */
export function payloadText(payload: RequestLogPayload | SerializedPayload): PayloadText {
  if (payload instanceof SerializedPayload) return payload.text;
  return mapPayloadParts((part) => text(payload[part]));
}

export function payloadFromText(kept: PayloadText): RequestLogPayload {
  return mapPayloadParts((part) => json(kept[part]));
}

function text(part: Json): string | null {
  return part === null ? null : JSON.stringify(part);
}

function json(kept: string | null): Json {
  return kept === null ? null : JSON.parse(kept);
}
