import { parseAsBoolean, parseAsJson, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { isObject } from '../filter/filter-parts.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { DEFAULT_RANGE, parseAsTimeRange } from '../time/time-range.ts';
import { parseAsZone } from '../time/zone.ts';
import { parseAsSort } from './sort.ts';

export const VIEWS = ['logs', 'errors', 'slow'] as const;

/** Everything that a link to the page says, by its parameter in the URL. */
export const PARAMETERS = {
  view: parseAsStringLiteral(VIEWS).withDefault('logs'),
  /** Conditions in the typed syntax. */
  q: parseAsString.withDefault(''),
  /** A filter that the typed syntax cannot express; it applies in addition. */
  filter: parseAsJson((value) => (isObject(value) ? (value as RequestLogFilter) : null)),
  range: parseAsTimeRange.withDefault(DEFAULT_RANGE),
  /** An IANA time zone. Null: the browser's. */
  tz: parseAsZone,
  sort: parseAsSort.withDefault({ field: 'CREATED_AT', direction: 'DESC' }),
  /** Request id of the log whose detail is shown. */
  log: parseAsString,
  /** Whether the histogram shows the period before as well. */
  compare: parseAsBoolean.withDefault(false),
  /** Names of the columns of the table in their order, separated by commas. Null: the default ones. */
  cols: parseAsString,
};

/** The state of the page, which is its URL. Each change is a step in the browser's history unless it says otherwise. */
export function useUrlState() {
  return useQueryStates(PARAMETERS, { history: 'push', shallow: true, clearOnDefault: true });
}
