import type { Filter } from '../../log/filter.ts';
import { timeOfLogId } from '../../log/log-id.ts';
import { isVisible, type LogQuery, type LogScope } from '../../log/query.ts';
import type { RequestLog, RequestLogPayload } from '../../log/request-log.ts';
import type { FilterPlan, StreamValues } from '../access-path.ts';
import { MONGO_INDEXES } from '../indexes.ts';
import type { KeyBound } from '../key-bounds.ts';
import type { LogCount } from '../store.ts';
import { MONGO_PATHS } from './access-paths.ts';
import type { Connection } from './connection.ts';
import { logFromDocument, payloadFromDocument } from './documents.ts';
import {
  countFilter,
  type Find,
  needsValues,
  nextStatusCode,
  type Projection,
  projectionOf,
  readPage,
  scanFind,
} from './query/page.ts';
import { readAll } from './query/read-all.ts';
import { together } from './query/together.ts';
import { hasAtMost } from './stats/window-size.ts';

export async function findLogs(connection: Connection, query: LogQuery): Promise<RequestLog[]> {
  const plan = MONGO_PATHS.planPage(query);
  if (plan.residual.op === 'false') return [];
  const projection = projectionOf(query);
  const { scan } = plan;
  if (scan !== null && (await isSmall(connection, query.scope, scan))) {
    const find = scanFind(query, plan, scan);
    return find === null ? [] : runFind(connection, find, projection);
  }
  const streams = needsValues(plan) ? await streamValues(connection, query.scope, plan) : [];
  return readPage(query, plan, streams, {
    read: (find) => runFind(connection, find, projection),
    reserve: connection.reserve,
  });
}

/** The most logs of a window that are sorted instead of reading the logs in their order. */
const MAX_SORTED = 5_000;

/** Whether few logs are in the window of a plan. */
async function isSmall(connection: Connection, scope: LogScope, plan: FilterPlan): Promise<boolean> {
  return plan.residual.op === 'false' || hasAtMost(connection, scope, plan, MAX_SORTED, Date.now());
}

async function runFind(connection: Connection, find: Find, projection: Projection): Promise<RequestLog[]> {
  const documents = await readAll(connection, connection.logs, { ...find, projection });
  return documents.map(logFromDocument);
}

export async function countLogs(
  { logs, budget }: Connection,
  scope: LogScope,
  filter: Filter,
  limit: number | null,
): Promise<LogCount> {
  const plan = MONGO_PATHS.planFilter(scope, filter);
  if (plan.residual.op === 'false') return { count: 0, exact: true };
  const count = await logs.countDocuments(countFilter(scope, plan), {
    ...budget(),
    hint: plan.index.name,
    ...(limit !== null && { limit: limit + 1 }),
  });
  return limit !== null && count > limit ? { count: limit, exact: false } : { count, exact: true };
}

export async function findLogsByIds(
  connection: Connection,
  scope: LogScope,
  ids: readonly string[],
): Promise<(RequestLog | null)[]> {
  const found = await readAll(connection, connection.logs, byIds(scope, ids));
  return inOrder(ids, found, logFromDocument);
}

export async function findLogByRequestId(
  { logs, budget }: Connection,
  { organizationId, ...scope }: LogScope,
  requestId: string,
): Promise<RequestLog | null> {
  const hint = MONGO_INDEXES.requestId.name;
  const found = await logs.findOne({ organizationId, requestId }, { ...budget(), hint });
  const log = found && logFromDocument(found);
  return log !== null && isVisible({ organizationId, ...scope }, log.createdAt) ? log : null;
}

export async function findPayloads(
  connection: Connection,
  scope: LogScope,
  ids: readonly string[],
): Promise<(RequestLogPayload | null)[]> {
  const found = await readAll(connection, connection.payloads, byIds(scope, ids));
  return inOrder(ids, found, payloadFromDocument);
}

function byIds(scope: LogScope, ids: readonly string[]) {
  const visible = ids.filter((id) => isVisible(scope, timeOfLogId(id)));
  return {
    filter: { _id: { $in: visible }, organizationId: scope.organizationId },
    hint: '_id_',
    limit: Math.max(1, visible.length),
  };
}

function inOrder<D extends { _id: string }, T>(
  ids: readonly string[],
  found: readonly D[],
  read: (document: D) => T,
): (T | null)[] {
  const byId = new Map(found.map((document) => [document._id, read(document)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** The values of the plan's streams, or the existing status codes in its range. */
async function streamValues(
  connection: Connection,
  scope: LogScope,
  { streams }: FilterPlan<KeyBound>,
): Promise<readonly StreamValues[]> {
  const [key] = streams;
  if (key === undefined) return [[]];
  if ('values' in key) return key.values.map((value) => [value]);
  const { from, to } = key;
  const hundreds = [100, 200, 300, 400, 500].filter((first) => first <= to && first + 99 >= from);
  const codes = await together(connection.reserve, hundreds, (first) =>
    statusCodes(connection, scope, Math.max(from, first), Math.min(to, first + 99)),
  );
  return codes.flat().map((code) => [code]);
}

/** The existing status codes in the range; each takes one index seek. */
async function statusCodes({ logs, budget }: Connection, scope: LogScope, from: number, to: number) {
  const codes: number[] = [];
  for (let next = from; next <= to; next = codes.at(-1)! + 1) {
    const { filter, ...options } = nextStatusCode(scope, next, to);
    const projection = { _id: 0, statusCode: 1 };
    const found = await logs.findOne(filter, { ...options, projection, ...budget() });
    if (found === null) break;
    codes.push(found.statusCode);
  }
  return codes;
}
