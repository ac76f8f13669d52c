import { jsonAnswer } from '../../http/authenticated-call.ts';
import type { AuthenticatedCall, Endpoint } from '../../http/endpoint.ts';
import { cursorsFor } from '../../log/cursor.ts';
import { RelaylogError } from '../../log/errors.ts';
import { isLogId } from '../../log/log-id.ts';
import { notFound } from '../not-found.ts';
import { operation } from '../openapi-parts.ts';
import { z } from '../zod.ts';
import { SCRIP_LIST_PATH } from './ignored-parameters.ts';
import { scripListParameters, scripListQuery } from './parameters.ts';
import { SCRIP_ROW_FIELDS, scripDetail, scripList, toScripDetail, toScripRow } from './responses.ts';
import { SCRIP, SCRIP_DESCRIPTION } from './vendor.ts';

async function list({ url, viewer, logs, cursorSecret, now }: AuthenticatedCall) {
  const { limit, cursor, sort, direction, filter } = scripListQuery(url.search);
  const { organizationId } = viewer;
  const use = { api: SCRIP.api, organizationId, sort, direction, requested: filter };
  const cursors = cursorsFor(cursorSecret, use, { now });
  const { position: after, startedAt } = cursors.decode(cursor);
  const query = { filter, sort, direction, after, limit, fields: SCRIP_ROW_FIELDS, startedAt };
  const page = await logs.findPage(query);
  const next_cursor = page.hasMore ? cursors.encode({ position: page.end!, startedAt }) : null;
  return jsonAnswer({
    data: page.logs.map(toScripRow),
    pagination: { has_more: page.hasMore, next_cursor },
  });
}

async function detail({ logs, params }: AuthenticatedCall) {
  const id = params.id!;
  const [log] = isLogId(id) ? await logs.findByIds([id]) : [];
  if (log === null || log === undefined) throw new RelaylogError('NOT_FOUND', 'No such log.');
  const [payload] = await logs.payloads([log.id]);
  return jsonAnswer(toScripDetail(log, payload ?? null));
}

const LOGS_READ = { protocol: SCRIP, scope: 'logs:read' } as const;

/** Scrip's documented endpoints. Unknown paths below them also return errors in the vendor's format. */
export const SCRIP_ENDPOINTS: readonly Endpoint[] = [
  {
    ...LOGS_READ,
    methods: ['GET'],
    path: SCRIP_LIST_PATH,
    description: 'List request logs (Scrip)',
    open: () => list,
    openApi: () =>
      operation(SCRIP_DESCRIPTION, {
        operationId: 'listScripLogs',
        request: { query: scripListParameters },
        response: { schema: scripList, description: 'Paginated request logs' },
      }),
  },
  {
    ...LOGS_READ,
    methods: ['GET'],
    path: '/v1/logs/{id}',
    description: 'One request log with its bodies (Scrip)',
    open: () => detail,
    openApi: () =>
      operation(SCRIP_DESCRIPTION, {
        operationId: 'getScripLog',
        request: { params: z.object({ id: z.string().openapi({ description: 'UUID of the log' }) }) },
        response: { schema: scripDetail, description: 'The request log' },
      }),
  },
  {
    ...LOGS_READ,
    methods: 'ALL',
    path: '/v1/logs/*',
    description: 'Unknown paths: 404 in the error format of Scrip',
    open: () => notFound,
  },
];
