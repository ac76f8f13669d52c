import { ROLL_UP_LIMITS, type RollUpLimits } from '../../roll-ups/declared.ts';

/**
 * A log takes some 2,500 bytes of disk on DocumentDB with its indexes, about ten times as much as all of its roll-ups at most. The document
 * of a group takes some 600 besides its cells, which are those of some eight hours.
 */
export const MONGO_ROLL_UP_LIMITS: RollUpLimits = {
  ...ROLL_UP_LIMITS,
  hourBytesPerLog: 200,
  hourBytesPerCell: 75,
};
