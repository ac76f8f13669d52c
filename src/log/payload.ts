const BODY_NOTE =
  'A body above the size limit is truncated: `{"truncated": true, "originalBytes": …, "beginning": …}`. A body in an unknown form ' +
  'is omitted: `{"omitted": true, "reason": …, "contentType": …, "originalBytes": …}`.';

/** The parts of a payload, declared once: headers and bodies of the request and its response. All are sensitive. */
export const PAYLOAD_PARTS = {
  requestHeaders: { kind: 'headers', description: 'Recorded request headers, with secrets redacted.' },
  requestBody: {
    kind: 'body',
    headers: 'requestHeaders',
    description: `Recorded request body, with secrets redacted. ${BODY_NOTE}`,
  },
  responseHeaders: { kind: 'headers', description: 'Recorded response headers, with secrets redacted.' },
  responseBody: {
    kind: 'body',
    headers: 'responseHeaders',
    description: `Recorded response body, with secrets redacted. ${BODY_NOTE}`,
  },
} as const satisfies Record<
  string,
  { readonly description: string } & (
    | { readonly kind: 'headers' }
    | { readonly kind: 'body'; readonly headers: 'requestHeaders' | 'responseHeaders' }
  )
>;

export type PayloadPart = keyof typeof PAYLOAD_PARTS;
export const PAYLOAD_PART_NAMES = Object.keys(PAYLOAD_PARTS) as readonly PayloadPart[];

/** Builds an object with one value for each part. */
export function mapPayloadParts<T>(of: (part: PayloadPart) => T): { readonly [Part in PayloadPart]: T } {
  return Object.fromEntries(PAYLOAD_PART_NAMES.map((part) => [part, of(part)])) as {
    [Part in PayloadPart]: T;
  };
}
