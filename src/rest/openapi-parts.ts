import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z as Zod } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { REFUSALS } from '../http/refuse-connection.ts';
import { ERROR_CODES, type ErrorCode } from '../log/errors.ts';
import { z } from './zod.ts';

interface HeaderDescription {
  readonly type: 'string' | 'integer';
  readonly description: string;
  /** Not every response has the header. Default: every response has it. */
  readonly optional?: true;
}
type HeaderDescriptions = Readonly<Record<string, HeaderDescription>>;

/** How OpenAPI describes the endpoints of one API. */
export interface ApiDescription {
  /** Ways to send the credential, of which one is required. */
  readonly security: NonNullable<RouteConfig['security']>;
  /** Headers of every response of the API. */
  readonly headers: HeaderDescriptions;
  /** The API's status and name of an error. */
  readonly errorOf: (code: ErrorCode) => readonly [status: number, name: string];
  readonly errorSchema: Zod.ZodType;
}

export interface OperationDescription {
  /** Unique among all operations. Generators name functions after it. */
  readonly operationId: string;
  readonly description?: string;
  readonly request: NonNullable<RouteConfig['request']>;
  readonly response: { readonly schema: Zod.ZodType; readonly description: string };
}

type OpenApiPart = ReturnType<NonNullable<Endpoint['openApi']>>;

const RETRY_AFTER: HeaderDescriptions = {
  'Retry-After': { type: 'integer', description: 'Seconds until the request can be sent again' },
};
const STATUS_HEADERS: Readonly<Record<number, HeaderDescriptions>> = {
  401: { 'WWW-Authenticate': { type: 'string', description: 'How to send the API key' } },
  405: { Allow: { type: 'string', description: 'Methods that the path accepts' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};
const EVERY_RESPONSE: HeaderDescriptions = {
  'X-Request-Id': {
    type: 'string',
    description: 'Id of this request; the log lines of the server have it too',
  },
};

/** The format of errors that belong to no API. */
const gatewayError = z
  .object({ error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }) })
  .openapi('GatewayError');

/**
 * Describes an operation: its request, its successful response, a response for each status of the API's error table,
 * described by the error names that share the status, and one for each status that the server itself returns for incomplete
 * requests.
 */
export function operation(
  { security, headers, errorOf, errorSchema }: ApiDescription,
  { operationId, description, request, response }: OperationDescription,
): OpenApiPart {
  const json = (schema: Zod.ZodType) => ({ 'application/json': { schema } });
  const respond = (status: number, text: string, schema: Zod.ZodType) => ({
    description: text,
    headers: headersOf({ ...EVERY_RESPONSE, ...headers, ...STATUS_HEADERS[status] }),
    content: json(schema),
  });
  const names = new Map<number, Set<string>>();
  for (const [status, name] of ERROR_CODES.map(errorOf)) {
    names.set(status, (names.get(status) ?? new Set()).add(name));
  }
  return {
    operationId,
    ...(description === undefined ? {} : { description }),
    security,
    request,
    responses: {
      200: respond(200, response.description, response.schema),
      ...Object.fromEntries(
        [...names].map(([status, all]) => [status, respond(status, [...all].join(', '), errorSchema)]),
      ),
      ...Object.fromEntries(
        Object.values(REFUSALS).map(({ status, text }) => [
          status,
          { description: text, content: json(gatewayError) },
        ]),
      ),
    },
  };
}

function headersOf(descriptions: HeaderDescriptions) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([name, { type, description, optional = false }]) => [
      name,
      { description, required: !optional, schema: { type } },
    ]),
  );
}
