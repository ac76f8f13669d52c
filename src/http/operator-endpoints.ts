import { RETRY_AFTER_SECONDS, RelaylogError } from '../log/errors.ts';
import type { PublicEndpoint } from './endpoint.ts';
import { metricsResponse } from './metrics-response.ts';

const OPERATOR = { protocol: null, api: 'other', methods: ['GET'] } as const;

const text = (body: string, status = 200, headers = {}) =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers } });

/** What operators and their tools ask. */
export const OPERATOR_ENDPOINTS: readonly PublicEndpoint[] = [
  {
    ...OPERATOR,
    path: '/metrics',
    description: 'Metrics for Prometheus; `RELAYLOG_METRICS_TOKEN` protects them',
    open:
      ({ metrics, config }) =>
      (request) =>
        metricsResponse(request, metrics, config.RELAYLOG_METRICS_TOKEN),
  },
  {
    ...OPERATOR,
    path: '/livez',
    description: 'Whether the process answers',
    open: () => async () => text('ok\n'),
  },
  {
    ...OPERATOR,
    path: '/readyz',
    description: 'Whether the store answers; why not, if it does not',
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
