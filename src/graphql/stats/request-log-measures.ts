import { clientErrorRate, serverErrorRate } from '../../stats/measures.ts';
import type { MeasuresRow } from '../../stats/measures-table.ts';
import { builder } from '../builder.ts';
import { DurationStatsRef } from './duration-stats.ts';

export const MeasuresRef = builder.objectRef<MeasuresRow>('RequestLogMeasures').implement({
  description: 'What is counted of a set of logs. All counts and sums are exact.',
  fields: (t) => ({
    count: t.expose('count', { type: 'SafeInt', description: 'Number of logs.' }),
    clientErrorCount: t.expose('clientErrorCount', {
      type: 'SafeInt',
      description: 'Number of logs with a status code from 400 to 499.',
    }),
    serverErrorCount: t.expose('serverErrorCount', {
      type: 'SafeInt',
      description: 'Number of logs with a status code from 500 to 599.',
    }),
    clientErrorRate: t.float({
      nullable: true,
      description: '`clientErrorCount` divided by `count`, 0 to 1; null if the count is 0.',
      resolve: clientErrorRate,
    }),
    serverErrorRate: t.float({
      nullable: true,
      description: '`serverErrorCount` divided by `count`, 0 to 1; null if the count is 0.',
      resolve: serverErrorRate,
    }),
    billedUnits: t.expose('billedUnits', { type: 'SafeInt', description: 'Sum of the billed units.' }),
    firstCreatedAt: t.expose('firstCreatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time of the oldest log; null if the count is 0.',
    }),
    lastCreatedAt: t.expose('lastCreatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time of the newest log; null if the count is 0.',
    }),
    durationMs: t.field({
      type: DurationStatsRef,
      description: 'Statistics of the durations.',
      resolve: (row) => row,
    }),
  }),
});
