/** A line of a record. */
export interface Recorded {
  readonly request: { readonly method: string; readonly path: string; readonly body?: string };
  readonly answer: { readonly status: number; readonly headers: object; readonly body: string };
}

/** A difference that is meant. */
interface Allowed {
  readonly reason: string;
  matches(before: Recorded, after: Recorded): boolean;
}

const KNOWN_BEFORE = 'billedUnits, traceId, requestHeaders';
const KNOWN_AFTER =
  'billedUnits, traceId, consumerId, service, host, requestBytes, responseBytes, requestHeaders';

/** Differences between the answers before and after the refactoring of issue 15. */
export const ALLOWED: readonly Allowed[] = [
  {
    reason: 'the schema has the new fields, their filter and SafeInt',
    matches: ({ request }) => /__(type|schema)/.test(`${request.path}${request.body}`),
  },
  {
    reason: 'ingest names the new fields among those that it knows',
    matches: ({ answer }, { answer: after }) =>
      answer.body.replaceAll(KNOWN_BEFORE, KNOWN_AFTER) === after.body && answer.status === after.status,
  },
  {
    reason: 'OpenAPI describes the fields from the table, and the new ones',
    matches: ({ request }, { answer }) => request.path === '/openapi.json' && answer.status === 200,
  },
];
