import { RETRY_AFTER_SECONDS, RelaylogError } from '../log/errors.ts';
import type { PublicEndpoint } from './endpoint.ts';
import { metricsResponse } from './metrics-response.ts';

const OPERATOR = { protocol: null, api: 'other', methods: ['GET'] } as const;

const text = (body: string, status = 200, headers = {}) =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers } });

/** Endpoints for operators and monitoring. */
export const OPERATOR_ENDPOINTS: readonly PublicEndpoint[] = [
  {
    ...OPERATOR,
    path: '/metrics',
    description: 'Metrics for Prometheus; set `RELAYLOG_METRICS_TOKEN` to require a token',
    open:
      ({ metrics, config }) =>
      (request) =>
        metricsResponse(request, metrics, config.RELAYLOG_METRICS_TOKEN),
  },
  {
    ...OPERATOR,
    path: '/livez',
    description: 'Liveness: 200 if the process responds',
    open: () => async () => text('ok\n'),
  },
  {
    ...OPERATOR,
    path: '/readyz',
    description: 'Readiness: 200 if the store responds; otherwise 503 with the reason',
    open:
      ({ store }) =>
      async () => {
        try {
          await store.ping();
          return text('ok\n');
        } catch (error) {
          const reason = error instanceof RelaylogError ? error.message : 'The log store is unavailable.';
          return text(`${reason}\n`, 503, { 'retry-after': String(RETRY_AFTER_SECONDS.UNAVAILABLE) });
        }
      },
  },
];
