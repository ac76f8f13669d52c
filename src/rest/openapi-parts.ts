import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z as Zod } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { REFUSALS } from '../http/refuse-connection.ts';
import { ERROR_CODES, type ErrorCode } from '../log/errors.ts';
import { z } from './zod.ts';

/** How OpenAPI describes the endpoints of one API. */
export interface ApiDescription {
  /** Ways to send the credential, of which one is required. */
  readonly security: NonNullable<RouteConfig['security']>;
  /** Headers that every response of the API can have, with their descriptions. */
  readonly headers: Readonly<Record<string, string>>;
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

/** Headers of single statuses, with their descriptions. */
const STATUS_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'How to send the API key' },
  405: { Allow: 'Methods that the path accepts' },
  429: { 'Retry-After': 'Seconds until the request can be sent again' },
  503: { 'Retry-After': 'Seconds until the request can be sent again' },
};
const EVERY_RESPONSE = {
  'X-Request-Id': 'Id of this request, which the log lines of the server have as well',
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

function headersOf(descriptions: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' as const } },
    ]),
  );
}
