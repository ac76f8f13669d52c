import { DAY_MS } from '../../lib/time-units.ts';
import { cursorsFor } from '../../log/cursor.ts';
import { RelaylogError } from '../../log/errors.ts';
import { storedRequestId } from '../../log/request-id.ts';
import { positionOf } from '../../log/sort.ts';
import type { RestCall } from '../shim.ts';
import { readDetail, signaQuestion } from './parameters.ts';
import { SIGNA_ROW_FIELDS, toSignaDetail, toSignaRow } from './responses.ts';

const CURSOR_MAX_AGE_MS = DAY_MS;
const TOTAL_LIMIT = 10_000;
const ORDER = { sort: 'createdAt', direction: 'desc' } as const;

/** `GET /v1/organization/logs` */
export async function signaLogs({ url, viewer, logs, cursorSecret, now, requestId }: RestCall) {
  const { limit, cursor, includeTotal, requested, filter } = signaQuestion(url.search, viewer, now);
  const use = { organizationId: viewer.organizationId, ...ORDER, requested: { signa: requested } };
  const cursors = cursorsFor(cursorSecret, use, { now, maxAge: CURSOR_MAX_AGE_MS });
  const after = cursor === undefined ? undefined : cursors.decode(cursor);
  const [page, total] = await Promise.all([
    logs.findPage({ filter, ...ORDER, after, limit, fields: SIGNA_ROW_FIELDS }),
    includeTotal ? logs.count(filter, TOTAL_LIMIT) : null,
  ]);
  return {
    object: 'list',
    data: page.logs.map(toSignaRow),
    has_more: page.hasMore,
    pagination: {
      cursor: page.hasMore ? cursors.encode(positionOf(page.logs.at(-1)!, ORDER.sort)) : null,
      ...(total === null ? {} : { total_count: total.count, total_count_approximate: !total.exact }),
    },
    request_id: requestId,
  };
}

/** `GET /v1/organization/logs/{request_id}` */
export async function signaLog({ url, logs, requestId }: RestCall, id: string) {
  readDetail(url.search);
  const log = await logs.findByRequestId(storedRequestId(id));
  if (log === null) throw new RelaylogError('NOT_FOUND', `Request log ${id} does not exist.`);
  return toSignaDetail(log, requestId);
}
