import { cursorsFor } from '../../log/cursor.ts';
import { RelaylogError } from '../../log/errors.ts';
import { isLogId } from '../../log/log-id.ts';
import { positionOf } from '../../log/sort.ts';
import type { RestCall } from '../shim.ts';
import { scripQuestion } from './parameters.ts';
import { SCRIP_ROW_FIELDS, toScripDetail, toScripRow } from './responses.ts';

/** `GET /v1/logs` */
export async function scripLogs({ url, viewer, logs, cursorSecret, now }: RestCall) {
  const { limit, cursor, sort, direction, requested, filter } = scripQuestion(url.search);
  const { organizationId } = viewer;
  const cursors = cursorsFor(
    cursorSecret,
    { organizationId, sort, direction, requested: { scrip: requested } },
    { now },
  );
  const after = cursor === undefined ? undefined : cursors.decode(cursor);
  const question = { filter, sort, direction, after, limit, fields: SCRIP_ROW_FIELDS };
  const page = await logs.findPage(question);
  const next_cursor = page.hasMore ? cursors.encode(positionOf(page.logs.at(-1)!, sort)) : null;
  return { data: page.logs.map(toScripRow), pagination: { has_more: page.hasMore, next_cursor } };
}

/** `GET /v1/logs/{id}` */
export async function scripLog({ logs }: RestCall, id: string) {
  const [log] = isLogId(id) ? await logs.findByIds([id]) : [];
  if (log === null || log === undefined) throw new RelaylogError('NOT_FOUND', 'No such log.');
  const [payload] = await logs.payloads([log.id]);
  return toScripDetail(log, payload ?? null);
}
