import { cursorsFor } from '../log/cursor.ts';
import { builder } from './builder.ts';
import { COSTS, COUNT_LIMIT } from './limits.ts';
import { pageArguments } from './page-arguments.ts';
import { connectionCost, once } from './query-cost.ts';
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
      complexity: connectionCost,
      description: 'The logs that match a filter, in the order of a sort, a page at a time.',
      args: {
        filter: t.arg({
          type: RequestLogFilterRef,
          description: 'Which logs; all of them where it is left out.',
        }),
        sort: t.arg({
          type: RequestLogSortRef,
          description: 'In which order; newest first where it is left out.',
        }),
      },
      resolve: (_root, { filter, sort, ...page }, { viewer, logs, cursorSecret, now }, info) => {
        const { field, direction } = sort ?? DEFAULT_SORT;
        const use = {
          organizationId: viewer.organizationId,
          sort: field,
          direction,
          requested: filter ?? null,
        };
        return new RequestLogPage(logs, cursorsFor(cursorSecret, use, { now }), {
          filter: filterOf(filter),
          sort: field,
          direction,
          page: pageArguments(page),
          fields: selectedFields(info),
        });
      },
    },
    {
      name: 'RequestLogConnection',
      description: 'A page of logs.',
      fields: (f) => ({
        totalCount: f.int({
          description: `How many logs match, over all pages. Counting stops at ${COUNT_LIMIT} unless asked for exactly.`,
          args: {
            exact: f.arg.boolean({
              required: true,
              defaultValue: false,
              description: 'Count all, however many.',
            }),
          },
          complexity: (args, pass) => once(args.exact ? COSTS.exactCount : COSTS.count)(args, pass),
          resolve: async (page, { exact }) => (await page.count(exact)).count,
        }),
        totalCountApproximate: f.boolean({
          description: `Whether more than ${COUNT_LIMIT} logs match, so that \`totalCount\` is a lower bound unless exact.`,
          complexity: once(COSTS.count),
          resolve: async (page) => !(await page.count(false)).exact,
        }),
      }),
    },
    { name: 'RequestLogEdge', description: 'A log and its place in the order.' },
  ),
);
