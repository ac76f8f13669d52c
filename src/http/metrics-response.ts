import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metrics } from '../telemetry/metrics.ts';

/**
 * Returns the response to `GET /metrics`, in Prometheus text format.
 *
 * @param token bearer token that the scraper must send; empty: none.
 */
export async function metricsResponse(
  request: Request,
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  token: string,
): Promise<Response> {
  if (token !== '' && !isEqual(request.headers.get('authorization') ?? '', `Bearer ${token}`)) {
    return new Response('Send RELAYLOG_METRICS_TOKEN as Authorization: Bearer.\n', {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } });
}

/** Compares two strings in constant time. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
