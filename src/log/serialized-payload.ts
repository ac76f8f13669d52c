import type { PayloadPart } from './payload.ts';

/** A payload as it is stored: each part as JSON text, or null if the part is null. */
export type PayloadText = { readonly [Part in PayloadPart]: string | null };

/** A payload in its stored form. Batches hold payloads as text because parsed values take several times the memory. */
export class SerializedPayload {
  readonly text: PayloadText;

  constructor(text: PayloadText) {
    this.text = text;
  }
}
