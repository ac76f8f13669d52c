import { fieldOf, LOG_FIELDS, type LogField } from '../log/fields.ts';
import { PAYLOAD_PART_NAMES, PAYLOAD_PARTS } from '../log/payload.ts';
import { formatRequestId, parseRequestId } from '../log/request-id.ts';
import type { RequestLog } from '../log/request-log.ts';
import { builder } from './builder.ts';
import { scalarOf } from './field-types.ts';
import { COSTS } from './limits.ts';
import { OutcomeEnum, outcomeOf } from './outcome.ts';
import { perRow } from './query-cost.ts';

/** Options of a field that is null, with an error, if the viewer lacks the scope `logs:sensitive`. */
const sensitive = (description: string) => ({
  nullable: true as const,
  authScopes: { scope: 'logs:sensitive' as const },
  description: `${description} Requires the scope \`logs:sensitive\`.`,
});

export const RequestLogRef = builder.loadableNode(builder.objectRef<RequestLog>('RequestLog'), {
  description: 'One recorded API request.',
  id: { resolve: (log) => log.id },
  load: (ids: string[], { logs }) => logs.findByIds(ids) as Promise<RequestLog[]>,
  fields: (t) => ({
    outcome: t.field({
      type: OutcomeEnum,
      description: 'Outcome of the request, derived from its status code.',
      resolve: (log) => outcomeOf(log.statusCode),
    }),
  }),
});

for (const name of LOG_FIELDS) {
  builder.objectField(RequestLogRef, name, (t) =>
    name === 'requestId'
      ? t.string({ ...fieldOptions(name), resolve: (log) => formatRequestId(log.requestId) })
      : t.expose(name, { type: scalarOf(fieldOf(name)), ...fieldOptions(name) }),
  );
}

function fieldOptions(name: LogField) {
  const { description, nullable, sensitive: isSensitive } = fieldOf(name);
  return isSensitive ? sensitive(description) : { nullable: nullable as true, description };
}

for (const part of PAYLOAD_PART_NAMES) {
  builder.objectField(RequestLogRef, part, (t) =>
    t.field({
      type: 'JSON',
      ...sensitive(PAYLOAD_PARTS[part].description),
      extensions: perRow(COSTS.payload),
      resolve: async (log, _args, { payloads }) => (await payloads.load(log.id))?.[part] ?? null,
    }),
  );
}

builder.queryField('requestLog', (t) =>
  t.field({
    type: RequestLogRef,
    nullable: true,
    authScopes: { scope: 'logs:read' },
    description: 'Fetches a log by its request id. Null if it does not exist or the caller may not see it.',
    args: {
      requestId: t.arg.string({
        required: true,
        description: 'The request id, with or without the `req_` prefix.',
      }),
    },
    resolve: (_root, { requestId }, { logs }) => logs.findByRequestId(parseRequestId(requestId)),
  }),
);
