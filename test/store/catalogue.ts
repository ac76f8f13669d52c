import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import { allOf, type Filter, MATCH_ALL } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import { DIRECTIONS, SORT_FIELDS, type SortField } from '../../src/log/sort.ts';

/*
 * The questions that the docs promise an answer to at any size: each filter, in each window of time, by each sort, in both directions.
 * The values of the filters are those of the logs that the question is asked of.
 */

/** The values that the catalogue's filters select. */
export interface CatalogueValues {
  readonly method: string;
  readonly routePattern: string;
  readonly apiKeyId: string;
  readonly consumerId: string;
  readonly service: string;
}

const failures: Filter = { op: 'gte', field: 'statusCode', value: 400 };
const serverErrors: Filter = { op: 'gte', field: 'statusCode', value: 500 };
const clientErrors: Filter = allOf([failures, { op: 'lt', field: 'statusCode', value: 500 }]);
const is = (
  field: 'method' | 'routePattern' | 'apiKeyId' | 'consumerId' | 'service',
  value: string,
): Filter => ({
  op: 'eq',
  field,
  value,
});

/** The filters by their names. Those of the core are answered with bounded work. */
export function catalogueFilters(
  values: CatalogueValues,
): Readonly<Record<string, { filter: Filter; isCore: boolean }>> {
  const method = is('method', values.method);
  const route = is('routePattern', values.routePattern);
  const apiKey = is('apiKeyId', values.apiKeyId);
  return {
    everything: { filter: MATCH_ALL, isCore: true },
    failures: { filter: failures, isCore: true },
    '5xx': { filter: serverErrors, isCore: true },
    'one method': { filter: method, isCore: true },
    'one route': { filter: route, isCore: true },
    'one API key': { filter: apiKey, isCore: true },
    '4xx': { filter: clientErrors, isCore: false },
    'one status': { filter: { op: 'eq', field: 'statusCode', value: 404 }, isCore: false },
    'one consumer': { filter: is('consumerId', values.consumerId), isCore: false },
    'one service': { filter: is('service', values.service), isCore: false },
    'failures of one route': { filter: allOf([failures, route]), isCore: false },
    'failures of one API key': { filter: allOf([failures, apiKey]), isCore: false },
    'slower than a second': { filter: { op: 'gt', field: 'durationMs', value: 1_000 }, isCore: false },
    'one route and method': { filter: allOf([route, method]), isCore: false },
  };
}

interface Window {
  /** How long before the newest log the window ends, in milliseconds. */
  readonly ago: number;
  /** In milliseconds; null: no window. */
  readonly length: number | null;
  readonly isCore: boolean;
}

/** The windows by their names. */
const WINDOWS: Readonly<Record<string, Window>> = {
  'no window': { ago: 0, length: null, isCore: true },
  'last 15 minutes': { ago: 0, length: 15 * MINUTE_MS, isCore: false },
  'last hour': { ago: 0, length: HOUR_MS, isCore: true },
  'last day': { ago: 0, length: DAY_MS, isCore: true },
  'last 7 days': { ago: 0, length: 7 * DAY_MS, isCore: true },
  'last 30 days': { ago: 0, length: 30 * DAY_MS, isCore: false },
  'an hour three weeks ago': { ago: 21 * DAY_MS, length: HOUR_MS, isCore: true },
};

/** A question of the catalogue. */
export interface CatalogueQuestion {
  readonly filterName: string;
  readonly windowName: string;
  readonly isCore: boolean;
  readonly sort: SortField;
  readonly query: LogQuery;
}

/**
 * The first pages of 50 logs.
 *
 * @param end after the newest log, in Unix milliseconds.
 */
export function catalogue(organizationId: string, end: number, values: CatalogueValues): CatalogueQuestion[] {
  return Object.entries(catalogueFilters(values)).flatMap(([filterName, { filter, isCore: isCoreFilter }]) =>
    Object.entries(WINDOWS).flatMap(([windowName, window]) =>
      SORT_FIELDS.flatMap((sort) =>
        DIRECTIONS.map((direction) => ({
          filterName,
          windowName,
          isCore: isCoreFilter && window.isCore,
          sort,
          query: {
            scope: { organizationId, visibleFrom: null },
            filter: allOf([filter, ...boundsOf(window, end)]),
            sort,
            direction,
            limit: 50,
          },
        })),
      ),
    ),
  );
}

function boundsOf({ ago, length }: Window, end: number): Filter[] {
  if (length === null) return [];
  const to = end - ago;
  return [
    { op: 'gte', field: 'createdAt', value: to - length },
    { op: 'lt', field: 'createdAt', value: to },
  ];
}
