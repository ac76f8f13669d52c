import { GRAPHQL_ENDPOINTS } from './graphql/endpoint.ts';
import { ASSETS_ENDPOINT } from './http/assets-endpoint.ts';
import type { Endpoint } from './http/endpoint.ts';
import { EXPLORER_ENDPOINT } from './http/explorer-endpoint.ts';
import { OPERATOR_ENDPOINTS } from './http/operator-endpoints.ts';
import { INGEST_ENDPOINT } from './rest/ingest/endpoint.ts';
import { OPENAPI_ENDPOINT } from './rest/openapi.ts';
import { SCRIP_ENDPOINTS } from './rest/scrip/endpoints.ts';
import { SIGNA_ENDPOINTS } from './rest/signa/endpoints.ts';

/**
 * Every endpoint, declared once. The app mounts only these. Metric labels, rate and concurrency limits, OpenAPI and the
 * docs derive from this table. The first endpoint that matches a request handles it.
 */
export const ENDPOINTS: readonly Endpoint[] = [
  // Before GraphiQL, whose files take longer to load.
  EXPLORER_ENDPOINT,
  ...GRAPHQL_ENDPOINTS,
  ...SCRIP_ENDPOINTS,
  ...SIGNA_ENDPOINTS,
  INGEST_ENDPOINT,
  OPENAPI_ENDPOINT,
  ASSETS_ENDPOINT,
  ...OPERATOR_ENDPOINTS,
];
