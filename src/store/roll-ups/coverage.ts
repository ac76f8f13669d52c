import { hasBit } from '../../lib/bits.ts';
import { HOURS_OF_DAY } from '../../lib/time-units.ts';
import type { RollUp } from './declared.ts';
import type { Coverage } from './split-time.ts';

/** What the roll-ups of an organization hold in a range of time, as read from a store. */
export interface RollUpState {
  /** Earlier hours are not rolled up yet; infinite if none is. */
  readonly fromHour: number;
  /** Hours that were changed since their cells were built, with the number of changes. */
  readonly changedHours: ReadonlyMap<number, number>;
  /** Units that were changed since their cells were built, with the number of changes. */
  readonly changedUnits: ReadonlyMap<number, number>;
  /** Hours that are kept in units, with a bit for the code of each roll-up that is left out. */
  readonly denseHours: ReadonlyMap<number, number>;
}

/** @param hoursLeftOut by day: a bit for each hour that the roll-up leaves out. */
export function coverageOf(
  { code }: RollUp,
  { fromHour, changedHours, changedUnits, denseHours }: RollUpState,
  hoursLeftOut: ReadonlyMap<number, number>,
): Coverage {
  return {
    fromHour,
    holdsHour(hour) {
      if (changedHours.has(hour)) return false;
      const leftOut = hoursLeftOut.get(Math.floor(hour / HOURS_OF_DAY)) ?? 0;
      return !hasBit(leftOut, hour % HOURS_OF_DAY);
    },
    hasUnits(hour) {
      const leftOut = denseHours.get(hour);
      return leftOut !== undefined && !hasBit(leftOut, code);
    },
    holdsUnit: (unit) => !changedUnits.has(unit),
  };
}
