import { DAY_MS } from '../../src/lib/time-units.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SAMPLE_TIME, sampleLog } from './samples.ts';

const COUNT = 50_000;
const DAYS_30 = 30 * DAY_MS;

/** The time of the newest of the many logs. */
export const LAST_TIME = SAMPLE_TIME + DAYS_30;

/** 50,000 logs of one organization over thirty days, and 10,000 logs of another; the same at every call. */
export function manyLogs(): RequestLog[] {
  const random = seededRandom(7);
  return Array.from({ length: COUNT + COUNT / 5 }, (_, i) => {
    const organizationId = i < COUNT ? 'acme' : 'globex';
    const route = Math.floor(random() ** 2 * 40);
    return sampleLog({
      organizationId,
      requestId: `r${i}`,
      createdAt: LAST_TIME - Math.floor(random() * DAYS_30),
      method: pick(random, ['GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE']),
      path: `/v1/route${route}/${Math.floor(random() * 1000)}`,
      routePattern: route === 0 ? null : `/v1/route${route}/{id}`,
      statusCode:
        random() < 0.93
          ? pick(random, [200, 200, 200, 201, 204])
          : pick(random, [400, 401, 404, 404, 409, 422, 429, 500, 503]),
      durationMs: random() < 0.03 ? null : Math.floor(3 + 40 / (random() + 0.005)),
      apiKeyId: `key_${Math.floor(random() * 100)}`,
      authType: pick(random, ['api_key', 'api_key', 'api_key', 'jwt', null]),
    });
  });
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}
