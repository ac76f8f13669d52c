import { RELATIVE_ERROR } from '../../stats/duration-bins.ts';
import { STATS_LIMITS } from '../../stats/limits.ts';
import { builder } from '../builder.ts';
import { COSTS, DEFAULT_TOP } from '../limits.ts';
import { failsAlone } from '../nullability.ts';
import { perRow, rows } from '../query-cost.ts';
import { checkedText, RequestLogFilterRef } from '../request-log-filter.ts';
import { BUCKETS_DESCRIPTION, bucketArguments } from './bucket-arguments.ts';
import { LogStatistics } from './log-statistics.ts';
import { BucketRef } from './request-log-bucket.ts';
import { DimensionEnum } from './request-log-dimension.ts';
import { DEFAULT_ORDER, GroupOrderRef } from './request-log-group-order.ts';
import { GroupsRef } from './request-log-groups.ts';
import { MeasuresRef } from './request-log-measures.ts';
import { selectedFieldCount } from './statistics-cost.ts';

/** The number of groups that an answer can have. */
function groupRows({ top }: { readonly top: number }): number {
  // An invalid number is rejected later; until then it must not make the cost small or negative.
  return Math.min(Math.max(top, 1), STATS_LIMITS.groups);
}

const StatsRef = builder.objectRef<LogStatistics>('RequestLogStats').implement({
  description:
    'Statistics of the logs that match a filter. A stored log is in the very next answer. What one `requestLogStats` selects is ' +
    'read together: several `groups` by aliases cost the store little more than one.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'Opaque id for caches: the same for the same organization and filter. Not accepted by `node`.',
    }),
    measures: t.field({
      type: MeasuresRef,
      description: 'Measures of all logs together.',
      extensions: perRow(COSTS.statisticsPart),
      resolve: (statistics) => statistics.measures(),
    }),
    groups: t.field({
      type: GroupsRef,
      nullable: true,
      description: 'The logs, grouped by their values of dimensions.',
      extensions: { ...rows(groupRows, COSTS.statisticsPart), ...failsAlone },
      args: {
        by: t.arg({
          type: [DimensionEnum],
          required: true,
          description: `1 to ${STATS_LIMITS.dimensions} different dimensions.`,
        }),
        top: t.arg.int({
          required: true,
          defaultValue: DEFAULT_TOP,
          description: `Maximum number of groups in \`nodes\`, 1 to ${STATS_LIMITS.groups}.`,
        }),
        orderBy: t.arg({
          type: GroupOrderRef,
          description: 'Order of the groups. Default: the groups with the most logs first.',
        }),
        search: t.arg.string({
          description:
            'Only groups of which a value contains this text. The text is literal; case is ignored.',
        }),
      },
      resolve: async (statistics, { by, top, orderBy, search }) =>
        statistics.groups({
          by,
          top,
          order: orderBy ?? DEFAULT_ORDER,
          search: search == null ? null : checkedText(search, 'search'),
        }),
    }),
    buckets: t.field({
      type: [BucketRef],
      nullable: true,
      description: BUCKETS_DESCRIPTION,
      extensions: { ...perRow(COSTS.statisticsPart), ...failsAlone },
      args: bucketArguments(),
      resolve: async (statistics, args, _context, info) => [
        ...(await statistics.buckets(args, selectedFieldCount(info))),
      ],
    }),
    percentileRelativeError: t.float({
      description: 'Percentiles differ from the exact values by at most this share of the value.',
      resolve: () => RELATIVE_ERROR,
    }),
  }),
});

builder.queryField('requestLogStats', (t) =>
  t.field({
    type: StatsRef,
    nullable: true,
    authScopes: { scope: 'logs:read' },
    description:
      'Counts, error rates and percentiles of the logs that match a filter, in groups and over time.',
    extensions: { ...perRow(COSTS.statistics), ...failsAlone },
    args: {
      filter: t.arg({ type: RequestLogFilterRef, description: 'Selects logs. Default: all logs.' }),
    },
    resolve: (_root, { filter }, context) => new LogStatistics(filter, context),
  }),
);
