import { ROLL_UP_LIMITS, type RollUpLimits } from '../../roll-ups/declared.ts';

/**
 * A log takes some 2,500 bytes of disk on DocumentDB with its indexes, about ten times as much as all of its roll-ups at most. Each
 * group of a day has a document, of some 600 bytes besides its cells.
 */
export const MONGO_ROLL_UP_LIMITS: RollUpLimits = {
  ...ROLL_UP_LIMITS,
  hourBytesPerLog: 120,
  dayBytesPerGroup: 600,
};
