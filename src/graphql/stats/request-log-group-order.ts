import type { GroupMeasure, GroupOrder } from '../../stats/group-order.ts';
import { builder } from '../builder.ts';
import { DirectionEnum } from '../request-log-sort.ts';

const DESCRIPTIONS: Readonly<Record<GroupMeasure, string>> = {
  COUNT: 'Number of logs.',
  CLIENT_ERROR_COUNT: 'Number of logs with a status code from 400 to 499.',
  SERVER_ERROR_COUNT: 'Number of logs with a status code from 500 to 599.',
  CLIENT_ERROR_RATE: 'Share of logs with a status code from 400 to 499.',
  SERVER_ERROR_RATE: 'Share of logs with a status code from 500 to 599.',
  BILLED_UNITS: 'Sum of the billed units.',
  DURATION_SUM: 'Sum of the durations.',
  DURATION_P50: 'Median of the durations. Groups without a duration sort below all others.',
  DURATION_P95: '95th percentile of the durations. Groups without a duration sort below all others.',
  DURATION_P99: '99th percentile of the durations. Groups without a duration sort below all others.',
  KEY: 'The values of the dimensions, in their order. Null sorts below every value.',
};

const MeasureEnum = builder.enumType('RequestLogMeasure', {
  description: 'Measures by which groups can be sorted.',
  values: Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([value, description]) => [value, { value, description }]),
  ) as Record<GroupMeasure, { value: GroupMeasure; description: string }>,
});

export const GroupOrderRef = builder.inputType('RequestLogGroupOrder', {
  description: 'Order of groups. Groups with equal measures are in ascending order of their keys.',
  fields: (t) => ({
    measure: t.field({ type: MeasureEnum, required: true, description: 'Measure to sort by.' }),
    direction: t.field({ type: DirectionEnum, required: true, description: 'Direction of the sort.' }),
  }),
});

/** The groups with the most logs first. */
export const DEFAULT_ORDER: GroupOrder = { measure: 'COUNT', direction: 'desc' };
