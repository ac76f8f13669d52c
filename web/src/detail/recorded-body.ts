/** A body as the gateway stores it. */
export type RecordedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'truncated'; readonly originalBytes: number; readonly beginning: string }
  | {
      readonly kind: 'omitted';
      readonly reason: string;
      readonly contentType: string | null;
      readonly originalBytes: number | null;
    };

/** Recognizes the marks of bodies that are not stored as they were sent. */
export function recordedBody(body: unknown): RecordedBody {
  if (body === null || body === undefined) return { kind: 'none' };
  if (typeof body === 'string') return { kind: 'text', text: body };
  const { truncated, beginning, originalBytes, omitted, reason, contentType } = body as Record<
    string,
    unknown
  >;
  const bytes = typeof originalBytes === 'number' ? originalBytes : null;
  if (truncated === true && typeof beginning === 'string' && bytes !== null)
    return { kind: 'truncated', originalBytes: bytes, beginning };
  if (omitted === true && typeof reason === 'string') {
    return {
      kind: 'omitted',
      reason,
      contentType: typeof contentType === 'string' ? contentType : null,
      originalBytes: bytes,
    };
  }
  return { kind: 'json', value: body };
}
