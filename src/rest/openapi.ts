import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z as Zod } from 'zod';
import { REFUSALS } from '../http/refuse-connection.ts';
import type { IngestLimits } from '../ingest/ingest-batch.ts';
import { ERROR_CODES, type ErrorCode } from '../log/errors.ts';
import { newLogSchema } from '../log/new-log.ts';
import { INGEST_FORMATS, INGEST_STATUS } from './ingest/endpoint.ts';
import { scripListParameters } from './scrip/parameters.ts';
import { scripDetail, scripError, scripList } from './scrip/responses.ts';
import { SCRIP_ERRORS } from './scrip/vendor.ts';
import { signaDetailParameters, signaListParameters } from './signa/parameters.ts';
import { signaDetail, signaError, signaList } from './signa/responses.ts';
import { SIGNA_ERRORS } from './signa/vendor.ts';
import { z } from './zod.ts';

const apiKey = { apiKey: [] };
const bearer = { bearer: [] };

/** The REST endpoints; `/openapi.json` shows them all. */
function routes(limits: IngestLimits): RouteConfig[] {
  const scripErrors = errorResponses(
    (code) => [SCRIP_ERRORS[code].status, SCRIP_ERRORS[code].code],
    scripError,
  );
  const signaErrors = errorResponses(
    (code) => [SIGNA_ERRORS[code].status, SIGNA_ERRORS[code].type],
    signaError,
  );
  return [
    {
      method: 'get',
      path: '/v1/logs',
      summary: 'List request logs (Scrip)',
      security: [apiKey, bearer],
      request: { query: scripListParameters },
      responses: { 200: json(scripList, 'Paginated request logs'), ...scripErrors },
    },
    {
      method: 'get',
      path: '/v1/logs/{id}',
      summary: 'One request log with its bodies (Scrip)',
      security: [apiKey, bearer],
      request: { params: z.object({ id: z.string().openapi({ description: 'UUID of the log' }) }) },
      responses: { 200: json(scripDetail, 'The request log'), ...scripErrors },
    },
    {
      method: 'get',
      path: '/v1/organization/logs',
      summary: 'List request logs (Signa)',
      security: [bearer],
      request: { query: signaListParameters },
      responses: { 200: json(signaList, 'Paginated request logs'), ...signaErrors },
    },
    {
      method: 'get',
      path: '/v1/organization/logs/{request_id}',
      summary: 'One request log (Signa)',
      security: [bearer],
      request: {
        params: z.object({ request_id: z.string().openapi({ description: 'Request ID of the log' }) }),
        query: signaDetailParameters,
      },
      responses: { 200: json(signaDetail, 'The request log'), ...signaErrors },
    },
    {
      method: 'post',
      path: '/ingest/v1/request-logs',
      summary: 'Store a batch of request logs',
      description:
        'Answered after the commit. A log that is sent again is counted as a duplicate and not doubled. ' +
        `At most ${limits.maxLogs} logs and ${limits.maxBytes} bytes, unpacked; Content-Encoding gzip is accepted.`,
      security: [apiKey, bearer],
      request: {
        body: {
          required: true,
          content: Object.fromEntries(
            Object.entries(INGEST_FORMATS).map(([type, format]) => [
              type,
              { schema: format === 'json' ? z.array(newLog) : newLog },
            ]),
          ),
        },
      },
      responses: {
        200: json(ingestResult, 'What was stored; `rejected` names each log that was not'),
        ...errorResponses((code) => [INGEST_STATUS[code], code], ingestError),
      },
    },
  ];
}

const newLog = newLogSchema;
const ingestResult = z.object({
  received: z.int(),
  stored: z.int(),
  duplicates: z.int(),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
});
const ingestError = z.union([
  z.object({ error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }) }),
  ingestResult,
]);

/** One response for each status that a table of errors names, with the names that share it; and what is said of no whole request. */
function errorResponses(rowOf: (code: ErrorCode) => [status: number, name: string], schema: Zod.ZodType) {
  const names = new Map<number, Set<string>>();
  for (const [status, name] of ERROR_CODES.map(rowOf)) {
    names.set(status, (names.get(status) ?? new Set()).add(name));
  }
  const own = [...names].map(([status, all]) => [status, json(schema, [...all].join(', '))] as const);
  const refusals = Object.values(REFUSALS).map(
    ({ status, text }) => [status, { description: `${text}; without content` }] as const,
  );
  return Object.fromEntries([...own, ...refusals]);
}

function json(schema: Zod.ZodType, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** OpenAPI 3.1 of every REST endpoint, from the declarations that also validate. */
export function openApiDocument(limits: IngestLimits) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  for (const route of routes(limits)) registry.registerPath(route);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Relaylog',
      version: '1',
      description: 'Request logs over REST: two vendors’ endpoints, and ingest.',
    },
  });
}
