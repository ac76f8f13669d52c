import { cursorsFor } from '../log/cursor.ts';
import { builder } from './builder.ts';
import { COSTS, COUNT_LIMIT } from './limits.ts';
import { failsAlone } from './nullability.ts';
import { pageArguments } from './page-arguments.ts';
import { once, pageRows, rows } from './query-cost.ts';
import { RequestLogRef } from './request-log.ts';
import { filterOf, RequestLogFilterRef } from './request-log-filter.ts';
import { RequestLogPage } from './request-log-page.ts';
import { DEFAULT_SORT, RequestLogSortRef } from './request-log-sort.ts';
import { selectedFields } from './selected-fields.ts';

builder.queryField('requestLogs', (t) =>
  t.connection(
    {
      type: RequestLogRef,
      authScopes: { scope: 'logs:read' },
      nullable: true,
      extensions: { ...rows(pageRows), ...failsAlone },
      description: 'Lists the logs that match a filter, in the given order, one page at a time.',
      args: {
        filter: t.arg({
          type: RequestLogFilterRef,
          description: 'Selects logs. Default: all logs.',
        }),
        sort: t.arg({
          type: RequestLogSortRef,
          description: 'Order of the logs. Default: newest first.',
        }),
      },
      resolve: (_root, { filter, sort, ...page }, { viewer, logs, cursorSecret, now, cost }, info) => {
        const { field, direction } = sort ?? DEFAULT_SORT;
        const requested = filterOf(filter);
        const { organizationId } = viewer;
        const use = { api: 'graphql', organizationId, sort: field, direction, requested };
        return new RequestLogPage(logs, cursorsFor(cursorSecret, use, { now }), {
          filter: requested,
          sort: field,
          direction,
          page: pageArguments(page),
          fields: selectedFields(info),
          settled: () => cost.settled(),
        });
      },
    },
    {
      name: 'RequestLogConnection',
      description: 'A page of logs.',
      fields: (f) => ({
        totalCount: f.int({
          nullable: true,
          description: `Number of matching logs on all pages. Counting stops at ${COUNT_LIMIT} unless \`exact\` is true.`,
          args: {
            exact: f.arg.boolean({
              required: true,
              defaultValue: false,
              description: 'Count all matching logs, without an upper limit.',
            }),
          },
          extensions: {
            ...once(({ exact }: { exact: boolean }) => (exact ? COSTS.exactCount : COSTS.count)),
            ...failsAlone,
          },
          resolve: async (page, { exact }) => (await page.count(exact)).count,
        }),
        searchedTo: f.field({
          type: 'DateTime',
          nullable: true,
          description:
            'Where a search stopped because its time was up: all later logs were searched, or all earlier ones if the oldest come first. To go on from there, request the next page. Null if the search did not stop, or if the order is not by time.',
          resolve: (page) => page.searchedTo(),
        }),
        totalCountApproximate: f.boolean({
          nullable: true,
          description: `Whether \`totalCount\` is a lower bound unless \`exact\` is true: more than ${COUNT_LIMIT} logs match, or counting them took too long.`,
          extensions: { ...once(COSTS.count), ...failsAlone },
          resolve: async (page) => !(await page.count(false)).exact,
        }),
      }),
    },
    { name: 'RequestLogEdge', description: 'A log and its cursor.' },
  ),
);
