import { describe, expect, it } from 'vitest';
import { BODY_LIMIT } from '../log/redact/body-options.ts';
import { redactors } from '../log/redact/redactor.ts';
import type { Json, RequestLogPayload } from '../log/request-log.ts';
import { demoLogs } from './demo-logs.ts';
import { incidentSearches, slowReads } from './incident.ts';

const COMMON = { organizationId: 'demo', first: 0, now: Date.UTC(2026, 10, 24) };
const LOGS = [
  ...demoLogs({ ...COMMON, count: 2_000, days: 5 }),
  ...incidentSearches({ ...COMMON, count: 50 }),
  ...slowReads({ ...COMMON, count: 50 }),
].map(({ log, payload }) => ({ log, payload: payload as RequestLogPayload }));
const STORED = redactors({ names: [], limit: BODY_LIMIT, unknownBodies: 'omit' })();

const isNote = (body: Json, name: string): body is { [name: string]: Json } =>
  typeof body === 'object' && body !== null && name in body;
const typeOf = (headers: Json) => (headers as Record<string, string>)['content-type'] ?? null;

describe('demo payloads', () => {
  it('are as ingest stores them', () => {
    for (const { payload } of LOGS) {
      const { requestHeaders, requestBody, responseHeaders, responseBody } = payload;
      expect(STORED.headers(requestHeaders)).toEqual(requestHeaders);
      expect(STORED.headers(responseHeaders)).toEqual(responseHeaders);
      expect(STORED.body(requestBody, typeOf(requestHeaders))).toEqual(requestBody);
      if (isNote(responseBody, 'omitted')) {
        const note = STORED.body('a,b\n1,2\n', typeOf(responseHeaders));
        expect(note).toEqual({ ...responseBody, originalBytes: 8 });
      } else if (isNote(responseBody, 'truncated')) {
        const rest = ' '.repeat(Number(responseBody.originalBytes) - BODY_LIMIT);
        expect(STORED.body(responseBody.beginning + rest, 'application/json')).toEqual(responseBody);
      } else {
        expect(STORED.body(responseBody, typeOf(responseHeaders))).toEqual(responseBody);
      }
    }
  });

  it('have every form that a payload may have', () => {
    const some = (predicate: (payload: RequestLogPayload) => boolean) =>
      LOGS.filter(({ payload }) => predicate(payload)).length;
    expect(some(({ responseBody }) => isNote(responseBody, 'truncated'))).toBeGreaterThan(0);
    expect(some(({ responseBody }) => isNote(responseBody, 'omitted'))).toBeGreaterThan(5);
    expect(some(({ responseBody }) => typeof responseBody === 'string')).toBeGreaterThan(0);
    expect(some(({ responseBody }) => responseBody === null)).toBeGreaterThan(0);
    expect(some(({ responseBody }) => JSON.stringify(responseBody).length > 10_000)).toBeGreaterThan(10);
    expect(some(({ requestBody }) => JSON.stringify(requestBody).includes('"[REDACTED]"'))).toBeGreaterThan(
      50,
    );
  });

  it('agree with their logs', () => {
    for (const { log, payload } of LOGS) {
      const request = payload.requestHeaders as Record<string, string>;
      const response = payload.responseHeaders as Record<string, string>;
      expect(request['user-agent']).toBe(log.userAgent);
      expect(request.host).toBe(log.host);
      expect(request.traceparent?.slice(3, 35) ?? null).toBe(log.traceId);
      expect(request['content-length']).toBe(log.requestBytes?.toString());
      expect(response['content-length']).toBe(log.responseBytes?.toString());
      expect(response['x-request-id']).toBe(`req_${log.requestId}`);
    }
  });
});
