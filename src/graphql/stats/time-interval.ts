import type { IntervalName } from '../../stats/intervals.ts';
import { builder } from '../builder.ts';

const DESCRIPTIONS: Readonly<Record<IntervalName, string>> = {
  MINUTE: 'One minute.',
  FIVE_MINUTES: 'Five minutes, from a multiple of five.',
  FIFTEEN_MINUTES: 'A quarter of an hour.',
  HOUR: 'One hour.',
  DAY: 'One calendar day: 23 or 25 hours long if the clocks are changed.',
  WEEK: 'One week, from Monday.',
  MONTH: 'One calendar month.',
};

export const TimeIntervalEnum = builder.enumType('TimeInterval', {
  description: 'Lengths of time buckets, by the clock of the time zone.',
  values: Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([value, description]) => [value, { value, description }]),
  ) as Record<IntervalName, { value: IntervalName; description: string }>,
});
