import type { Filter } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import {
  comparePositions,
  positionOf,
  SORT_FIELDS,
  type SortField,
  sortValueOf,
} from '../../src/log/sort.ts';
import { type KeyBound, type PagePlan, planPage } from '../../src/store/access-path.ts';
import { manyLogs } from '../../test/store/many-logs.ts';
import { matches } from '../../test/store/matches.ts';
import { FILTERS } from '../../test/store/questions.ts';

const LIMIT = 50;

/** The index that the plan of a first page uses, and how many index keys it reads per returned row, over the sample logs. */
function keysPerRow(
  ordered: readonly RequestLog[],
  filter: Filter,
  sort: SortField,
): { index: string; keys: number } {
  const scope = { organizationId: 'acme', visibleFrom: null };
  const query: LogQuery = { scope, filter, sort, direction: 'desc', limit: LIMIT };
  const plan = planPage(query);
  const streams = streamsOf(ordered, plan).map((stream) => stream.filter((log) => isWithin(log, sort, plan)));
  // Streams of the sort's own values are read one after the other; all others are read in parallel and merged.
  const sequential = plan.streams?.field === sort;
  let [keys, rows] = [0, 0];
  for (const stream of streams) {
    let found = 0;
    for (const log of stream) {
      if (found === LIMIT || (sequential && rows + found === LIMIT)) break;
      keys++;
      if (matches(filter, log)) found++;
    }
    rows += found;
  }
  return { index: plan.index.name, keys: keys / Math.min(LIMIT, Math.max(1, rows)) };
}

/** The entries of the index that each stream of the plan reads, in the order of the query. */
function streamsOf(ordered: readonly RequestLog[], { index, streams }: PagePlan): (readonly RequestLog[])[] {
  const indexed = ordered.filter(
    (log) => index.minStatusCode === undefined || log.statusCode >= index.minStatusCode,
  );
  if (streams === null) return [indexed];
  const { field } = streams;
  const groups = Map.groupBy(indexed, (log) => log[field]);
  if ('values' in streams) return streams.values.map((value) => groups.get(value) ?? []);
  const codes = [...groups.keys()].map(Number).filter((code) => streams.from <= code && code <= streams.to);
  return codes.sort((a, b) => b - a).map((code) => groups.get(code)!);
}

function isWithin(log: RequestLog, sort: SortField, { lower, upper }: PagePlan): boolean {
  const value = sortValueOf(log, sort);
  const within = (bound: KeyBound | null, sign: 1 | -1) =>
    bound?.kind !== 'value' || (value - bound.value) * sign > 0 || (value === bound.value && bound.inclusive);
  return within(lower, 1) && within(upper, -1);
}

/** Rows of the README's table: a filter, and for each sort the index that is read and the index keys per row. */
export function planRows(): string[][] {
  const own = manyLogs().filter((log) => log.organizationId === 'acme');
  const ordered = SORT_FIELDS.map((sort) => ({
    sort,
    logs: own
      .map((log) => ({ log, position: positionOf(log, sort) }))
      .sort((a, b) => comparePositions(b.position, a.position))
      .map(({ log }) => log),
  }));
  return Object.entries(FILTERS).map(([name, filter]) => [
    name,
    ...ordered.map(({ sort, logs }) => {
      const { index, keys } = keysPerRow(logs, filter, sort);
      return `\`${index}\` ${keys >= 100 ? Math.round(keys) : keys.toFixed(1)}`;
    }),
  ]);
}
