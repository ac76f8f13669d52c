import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metrics } from '../telemetry/metrics.ts';

/**
 * `GET /metrics`, in Prometheus' form.
 *
 * @param token what a scraper must send as `Authorization: Bearer`; empty: nothing.
 */
export async function metricsResponse(
  request: Request,
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  token: string,
): Promise<Response> {
  if (token !== '' && !equal(request.headers.get('authorization') ?? '', `Bearer ${token}`)) {
    return new Response('Send RELAYLOG_METRICS_TOKEN as Authorization: Bearer.\n', {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } });
}

/** In a time that tells nothing of where the texts differ. */
function equal(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
