import { boundsOf, FIELDS } from '../log/fields.ts';

/** Percentiles differ from the exact nearest-rank percentile by at most this fraction of its value. */
export const RELATIVE_ERROR = 0.01;

/*
 * The bins of a DDSketch with this relative error, over integers: a bin ends at a power of GAMMA. Below `FIRST_WIDE` the
 * powers are less than one apart, so each value has a bin of its own there.
 */
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LN_GAMMA = Math.log(GAMMA);
const FIRST_WIDE = Math.ceil(1 / (GAMMA - 1));
const SHIFT = Math.ceil(Math.log(FIRST_WIDE) / LN_GAMMA) - FIRST_WIDE;

/**
 * The constants of `binOf`, for a store that computes bins itself: the bin of a duration is the duration if it is below
 * `firstWide`, else `ceil(ln(duration) / lnGamma) - shift`.
 */
export const BIN_FORMULA = { firstWide: FIRST_WIDE, lnGamma: LN_GAMMA, shift: SHIFT } as const;

/** The bin of a duration in whole milliseconds, 0 or more. */
export function binOf(duration: number): number {
  return duration < FIRST_WIDE ? duration : Math.ceil(Math.log(duration) / LN_GAMMA) - SHIFT;
}

/** Number of bins: that of the longest duration that a log can have, plus 1. */
export const BIN_COUNT = binOf(boundsOf(FIELDS.durationMs).max) + 1;

/** The highest integer of a bin. */
function endOfBin(bin: number): number {
  return bin < FIRST_WIDE ? bin : Math.floor(Math.exp((bin + SHIFT) * LN_GAMMA));
}

/** By bin: the value that represents it. */
const VALUES = Array.from({ length: BIN_COUNT }, (_, bin) =>
  representative(endOfBin(bin - 1) + 1, endOfBin(bin)),
);

/**
 * The value that represents a bin: at most `RELATIVE_ERROR` away from every integer in it, and exact if there is only one.
 *
 * @param bin an integer from 0 to `BIN_COUNT` - 1.
 */
export function valueOfBin(bin: number): number {
  return VALUES[bin]!;
}

/** The decimal with the fewest digits after the point that is close enough to both ends of a bin. */
function representative(start: number, end: number): number {
  if (start === end) return start;
  const closest = (2 * start * end) / (start + end);
  for (let scale = 1; ; scale *= 10) {
    const value = Math.round(closest * scale) / scale;
    if (value - start <= RELATIVE_ERROR * start && end - value <= RELATIVE_ERROR * end) return value;
  }
}
