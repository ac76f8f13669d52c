/** The parts of a payload, declared once: what was sent and answered besides the log's own fields. All are sensitive. */
export const PAYLOAD_PARTS = {
  requestHeaders: { kind: 'headers', description: 'Request headers as recorded, less their secrets.' },
  requestBody: {
    kind: 'body',
    description: 'Request body as recorded, less its secrets; a long one is cut and says so.',
  },
  responseHeaders: { kind: 'headers', description: 'Response headers as recorded, less their secrets.' },
  responseBody: {
    kind: 'body',
    description: 'Response body as recorded, less its secrets; a long one is cut and says so.',
  },
} as const satisfies Record<string, { readonly kind: 'headers' | 'body'; readonly description: string }>;

export type PayloadPart = keyof typeof PAYLOAD_PARTS;
export const PAYLOAD_PART_NAMES = Object.keys(PAYLOAD_PARTS) as readonly PayloadPart[];

/** An object with a value for each part. */
export function eachPart<T>(of: (part: PayloadPart) => T): { readonly [Part in PayloadPart]: T } {
  return Object.fromEntries(PAYLOAD_PART_NAMES.map((part) => [part, of(part)])) as {
    [Part in PayloadPart]: T;
  };
}
