import { logId } from '../../src/log/log-id.ts';
import { completeLog, type RecordedRequest } from '../../src/log/request-log.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';

export const ORGANIZATION = 'acme';
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'] as const;
const ROUTES = 40;
const KEYS = 200;

const BATCH = 2_000;

/**
 * Batches of logs in time order, evenly spread over a range: 8 methods, 40 routes, 200 API keys, 0.8% server errors, 4% client errors,
 * durations of 1 to 8,000 ms with a long tail, 2% without one. The same arguments give the same logs.
 *
 * @param from Unix milliseconds.
 * @param length of the range in milliseconds.
 */
export function* logBatches(
  count: number,
  from: number,
  length: number,
  organizationId = ORGANIZATION,
): Generator<RecordedRequest[]> {
  const random = seededRandom(1);
  for (let start = 0; start < count; start += BATCH) {
    yield Array.from({ length: Math.min(BATCH, count - start) }, (_, i) =>
      logAt(start + i, from + Math.floor(((start + i) / count) * length), random, organizationId),
    );
  }
}

/** The log with a number, at a time in Unix milliseconds. */
export function logAt(
  i: number,
  createdAt: number,
  random: () => number,
  organizationId = ORGANIZATION,
): RecordedRequest {
  const pick = (count: number) => Math.floor(random() * count);
  const kind = random();
  const statusCode = kind < 0.008 ? 500 + pick(4) : kind < 0.05 ? 400 + pick(30) : kind < 0.1 ? 201 : 200;
  const requestId = `r${i}`;
  const log = completeLog({
    id: logId(createdAt, organizationId, requestId),
    organizationId,
    createdAt,
    requestId,
    method: METHODS[pick(METHODS.length)]!,
    path: `/v1/things/${i}?page=2`,
    statusCode,
    durationMs: randomDuration(random),
    routePattern: routeName(pick(ROUTES)),
    apiKeyId: keyName(pick(KEYS)),
    endpointType: ['search', 'read', 'write'][i % 3]!,
    billedUnits: 1,
    ipAddress: `10.0.${i % 256}.${i % 97}`,
    service: 'api',
    authType: 'api_key',
    host: 'api.example.com',
  });
  return { log, payload: null };
}

/** Whole milliseconds with a long tail; null for 2%. */
export function randomDuration(random: () => number): number | null {
  return random() < 0.02 ? null : Math.floor(Math.exp(random() * random() * 9));
}

export const routeName = (number: number) => `/v1/r${number}/{id}`;
export const keyName = (number: number) => `key_${number}`;
