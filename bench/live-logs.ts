import { logId } from '../src/log/log-id.ts';
import { completeLog, type RecordedRequest } from '../src/log/request-log.ts';
import { seededRandom } from '../test/support/seeded-random.ts';

/** A log as an API server sends it. */
export type SentLog = Omit<Parameters<typeof completeLog>[0], 'id' | 'organizationId'>;

const START = Date.UTC(2026, 9, 1);
const AGENTS = ['acme-backend/4.2.0 (node 24)', 'python-requests/2.32.3', 'Go-http-client/2.0', 'curl/8.9.1'];

/**
 * Logs that resemble live traffic: 400 a second, in time order, with 40 routes, 50 API keys, long-tailed durations, and
 * random request ids, so that insertions are spread over every index that is not ordered by time.
 *
 * @param from the number of the first log; the same number gives the same log.
 */
export function liveLogs(from: number, count: number): SentLog[] {
  return Array.from({ length: count }, (_, i) => liveLog(from + i));
}

/** The log in the form that ingest passes to the store, without bodies. */
export function recordedLog(log: SentLog, organizationId: string): RecordedRequest {
  return {
    log: completeLog({ id: logId(log.createdAt, organizationId, log.requestId), organizationId, ...log }),
    payload: null,
  };
}

function liveLog(i: number): SentLog {
  const random = seededRandom(i);
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!;
  const hex = (digits: number) =>
    Array.from({ length: digits / 8 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
  const route = Math.floor(random() ** 2 * 40);
  const key = random() < 0.2 ? null : Math.floor(random() * 50);
  const failed = random() < 0.08;
  return {
    createdAt: START + Math.floor(i * 2.5),
    requestId: hex(24),
    method: pick(['GET', 'GET', 'GET', 'POST', 'DELETE']),
    path: `/v1/things${route}/${hex(8)}?limit=20`,
    statusCode: failed ? pick([400, 401, 404, 404, 422, 429, 500, 503]) : pick([200, 200, 200, 201, 204]),
    durationMs: Math.floor(3 + 40 / (random() + 0.005)),
    routePattern: `/v1/things${route}/{id}`,
    authType: key === null ? 'jwt' : 'api_key',
    apiKeyId: key === null ? null : `key_01hzx${key}abcdefgh`,
    apiKeyPrefix: key === null ? null : `rlk_ab${key}`,
    endpointType: 'read',
    errorType: failed ? 'invalid_request' : null,
    errorDetail: failed ? 'No such resource.' : null,
    ipAddress: `203.0.113.${Math.floor(random() * 200)}`,
    userAgent: pick(AGENTS),
    billedUnits: failed ? 0 : 1,
    traceId: random() < 0.5 ? hex(32) : null,
  };
}
