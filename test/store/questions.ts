import { DAY_MS } from '../../src/lib/time-units.ts';
import { type Filter, MATCH_ALL } from '../../src/log/filter.ts';
import { searchFilter } from '../../src/log/search.ts';
import { LAST_TIME } from './many-logs.ts';

/** Every kind of filter that GraphQL and both shims document, with values that occur in `manyLogs`. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  everything: MATCH_ALL,
  'a time window': window(2, 1),
  'one method': { op: 'eq', field: 'method', value: 'POST' },
  'several methods': { op: 'in', field: 'method', values: ['POST', 'DELETE'] },
  'one route': { op: 'eq', field: 'routePattern', value: '/v1/route7/{id}' },
  'no route': { op: 'eq', field: 'routePattern', value: null },
  'one status': { op: 'eq', field: 'statusCode', value: 404 },
  'several statuses': { op: 'in', field: 'statusCode', values: [404, 429] },
  'client errors': { op: 'and', filters: [atLeast(400), atMost(499)] },
  'server errors': atLeast(500),
  'all failures': atLeast(400),
  successes: { op: 'and', filters: [atLeast(200), atMost(299)] },
  'one API key': { op: 'eq', field: 'apiKeyId', value: 'key_7' },
  'several API keys': { op: 'in', field: 'apiKeyId', values: ['key_7', 'key_8'] },
  'one request id': { op: 'eq', field: 'requestId', value: 'r777' },
  'slower than a second': { op: 'gte', field: 'durationMs', value: 1000 },
  'one authentication type': { op: 'eq', field: 'authType', value: 'jwt' },
  'one method in a window': {
    op: 'and',
    filters: [{ op: 'eq', field: 'method', value: 'POST' }, window(2, 1)],
  },
  'one route in a window': {
    op: 'and',
    filters: [{ op: 'eq', field: 'routePattern', value: '/v1/route7/{id}' }, window(20, 1)],
  },
  'failures in a window': { op: 'and', filters: [atLeast(400), window(2, 1)] },
  'failures of one API key': {
    op: 'and',
    filters: [{ op: 'eq', field: 'apiKeyId', value: 'key_7' }, atLeast(400)],
  },
  'text in a window': { op: 'and', filters: [searchFilter('route7/77'), window(2, 1)] },
};

function atLeast(value: number): Filter {
  return { op: 'gte', field: 'statusCode', value };
}

function atMost(value: number): Filter {
  return { op: 'lte', field: 'statusCode', value };
}

function window(fromDays: number, toDays: number): Filter {
  return {
    op: 'and',
    filters: [
      { op: 'gte', field: 'createdAt', value: LAST_TIME - fromDays * DAY_MS },
      { op: 'lte', field: 'createdAt', value: LAST_TIME - toDays * DAY_MS },
    ],
  };
}
