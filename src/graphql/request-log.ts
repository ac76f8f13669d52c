import { shownRequestId, storedRequestId } from '../log/request-id.ts';
import { LOG_FIELDS, type RequestLog, type RequestLogPayload } from '../log/request-log.ts';
import { builder } from './builder.ts';
import { COSTS } from './limits.ts';
import { OutcomeEnum, outcomeOf } from './outcome.ts';
import { perRow } from './query-cost.ts';

/** A field that shows the log's own value, described as in the table of fields. */
const described = (name: keyof typeof LOG_FIELDS) => ({ description: LOG_FIELDS[name].description });

/** A field that is null, with an error, for a viewer who lacks the scope. */
const sensitive = (description: string) => ({
  nullable: true as const,
  authScopes: { scope: 'logs:sensitive' as const },
  description: `${description} Needs the scope \`logs:sensitive\`.`,
});

export const RequestLogRef = builder.loadableNode(builder.objectRef<RequestLog>('RequestLog'), {
  description: 'One recorded API request.',
  id: { resolve: (log) => log.id },
  load: (ids: string[], { logs }) => logs.findByIds(ids) as Promise<RequestLog[]>,
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', ...described('createdAt') }),
    requestId: t.string({ ...described('requestId'), resolve: (log) => shownRequestId(log.requestId) }),
    method: t.exposeString('method', described('method')),
    path: t.exposeString('path', described('path')),
    statusCode: t.exposeInt('statusCode', described('statusCode')),
    outcome: t.field({
      type: OutcomeEnum,
      description: 'What the status code says of the request.',
      resolve: (log) => outcomeOf(log.statusCode),
    }),
    durationMs: t.exposeInt('durationMs', { nullable: true, ...described('durationMs') }),
    routePattern: t.exposeString('routePattern', { nullable: true, ...described('routePattern') }),
    authType: t.exposeString('authType', { nullable: true, ...described('authType') }),
    apiKeyId: t.exposeString('apiKeyId', { nullable: true, ...described('apiKeyId') }),
    apiKeyPrefix: t.exposeString('apiKeyPrefix', { nullable: true, ...described('apiKeyPrefix') }),
    endpointType: t.exposeString('endpointType', { nullable: true, ...described('endpointType') }),
    errorType: t.exposeString('errorType', { nullable: true, ...described('errorType') }),
    errorDetail: t.exposeString('errorDetail', { nullable: true, ...described('errorDetail') }),
    ipAddress: t.exposeString('ipAddress', sensitive(LOG_FIELDS.ipAddress.description)),
    userAgent: t.exposeString('userAgent', sensitive(LOG_FIELDS.userAgent.description)),
    billedUnits: t.exposeInt('billedUnits', described('billedUnits')),
    traceId: t.exposeString('traceId', { nullable: true, ...described('traceId') }),
  }),
});

const PAYLOAD_FIELDS: Readonly<Record<keyof RequestLogPayload, string>> = {
  requestHeaders: 'Request headers as recorded, less their secrets.',
  requestBody: 'Request body as recorded, less its secrets; a long one is cut and says so.',
  responseHeaders: 'Response headers as recorded, less their secrets.',
  responseBody: 'Response body as recorded, less its secrets; a long one is cut and says so.',
};

for (const [name, description] of Object.entries(PAYLOAD_FIELDS)) {
  builder.objectField(RequestLogRef, name, (t) =>
    t.field({
      type: 'JSON',
      ...sensitive(description),
      complexity: perRow(COSTS.payload),
      resolve: async (log, _args, { payloads }) =>
        (await payloads.load(log.id))?.[name as keyof RequestLogPayload] ?? null,
    }),
  );
}

builder.queryField('requestLog', (t) =>
  t.field({
    type: RequestLogRef,
    nullable: true,
    authScopes: { scope: 'logs:read' },
    description: 'One log by its request id; null where the caller has no such log.',
    args: {
      requestId: t.arg.string({ required: true, description: 'With or without the `req_` prefix.' }),
    },
    resolve: (_root, { requestId }, { logs }) => logs.findByRequestId(storedRequestId(requestId)),
  }),
);
