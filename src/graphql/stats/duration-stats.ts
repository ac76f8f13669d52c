import { checkPercentage, meanOf, READY_PERCENTILES } from '../../stats/durations.ts';
import type { MeasuresRow } from '../../stats/measures-table.ts';
import { builder } from '../builder.ts';

/** Rejects the operation before it runs: a percentage that is not valid would otherwise be an error in each of thousands of buckets. */
function costOfPercentile({ p }: { readonly p: number }) {
  checkPercentage(p);
  return { perRow: 1, once: 0, rows: 1 };
}

/** The durations of a set of logs. */
export const DurationStatsRef = builder.objectRef<MeasuresRow>('DurationStats').implement({
  description:
    'Statistics of durations in milliseconds. Logs without a duration are left out. Percentiles are by nearest rank; see ' +
    '`percentileRelativeError`. All other numbers are exact.',
  fields: (t) => ({
    count: t.field({
      type: 'SafeInt',
      description: 'Number of logs that have a duration.',
      resolve: (row) => row.durations.count,
    }),
    sum: t.field({ type: 'SafeInt', description: 'Sum.', resolve: (row) => row.durations.sum }),
    min: t.int({
      nullable: true,
      description: 'Shortest duration; null if no log has one.',
      resolve: (row) => row.durations.min,
    }),
    max: t.int({
      nullable: true,
      description: 'Longest duration; null if no log has one.',
      resolve: (row) => row.durations.max,
    }),
    mean: t.float({
      nullable: true,
      description: 'Arithmetic mean; null if no log has a duration.',
      resolve: (row) => meanOf(row.durations),
    }),
    percentile: t.float({
      nullable: true,
      description:
        'Any percentile; null if no log has a duration. 0 is the minimum and 100 the maximum, both exact.',
      extensions: { cost: costOfPercentile },
      args: { p: t.arg.float({ required: true, description: 'A percentage from 0 to 100.' }) },
      resolve: (row, { p }) => row.percentile(p),
    }),
  }),
});

for (const p of READY_PERCENTILES) {
  builder.objectField(DurationStatsRef, `p${p}`, (t) =>
    t.float({
      nullable: true,
      description: `The ${p}th percentile; null if no log has a duration.`,
      resolve: (row) => row.percentile(p),
    }),
  );
}
