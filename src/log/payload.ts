/** The parts of a payload, declared once: headers and bodies of the request and its response. All are sensitive. */
export const PAYLOAD_PARTS = {
  requestHeaders: { kind: 'headers', description: 'Recorded request headers, with secrets redacted.' },
  requestBody: {
    kind: 'body',
    description:
      'Recorded request body, with secrets redacted. A body above the size limit is truncated and marked as truncated.',
  },
  responseHeaders: { kind: 'headers', description: 'Recorded response headers, with secrets redacted.' },
  responseBody: {
    kind: 'body',
    description:
      'Recorded response body, with secrets redacted. A body above the size limit is truncated and marked as truncated.',
  },
} as const satisfies Record<string, { readonly kind: 'headers' | 'body'; readonly description: string }>;

export type PayloadPart = keyof typeof PAYLOAD_PARTS;
export const PAYLOAD_PART_NAMES = Object.keys(PAYLOAD_PARTS) as readonly PayloadPart[];

/** Builds an object with one value for each part. */
export function eachPart<T>(of: (part: PayloadPart) => T): { readonly [Part in PayloadPart]: T } {
  return Object.fromEntries(PAYLOAD_PART_NAMES.map((part) => [part, of(part)])) as {
    [Part in PayloadPart]: T;
  };
}
