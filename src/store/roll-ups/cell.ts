import { MAX_VARINT_BYTES, VarintReader, writeVarint } from '../../lib/varint.ts';
import { type Durations, percentileBins, READY_PERCENTILES, valueWithin } from '../../stats/durations.ts';
import type { Measures } from '../../stats/measures.ts';

/*
 * A cell holds the measures of the logs of one group in a span of time, as varints: count, client errors, server errors, billed
 * units, milliseconds from the start of the span to the first log, from the first to the last, and the count of durations. If
 * there are durations: their sum, minimum, maximum minus minimum, and the sketch with its length before it. If there are more than
 * `MANY` durations, the bins of the ready percentiles follow, each as the distance from the one before, so that an answer which does
 * not merge the cell need not read its sketch.
 */

const NUMBERS = 11 + READY_PERCENTILES.length;
/** No ready percentile of more durations than this is the first or the last one, whose values are exact. */
const MANY = 100;

/** @param start the start of the span, in Unix milliseconds. */
export function encodeCell({ durations, ...measures }: Measures, start: number): Uint8Array {
  const { sketch } = durations;
  const bytes = new Uint8Array(NUMBERS * MAX_VARINT_BYTES + sketch.length);
  const first = measures.firstCreatedAt ?? start;
  let end = 0;
  for (const number of [
    measures.count,
    measures.clientErrorCount,
    measures.serverErrorCount,
    measures.billedUnits,
    first - start,
    (measures.lastCreatedAt ?? first) - first,
    durations.count,
    ...(durations.min === null || durations.max === null
      ? []
      : [durations.sum, durations.min, durations.max - durations.min, sketch.length]),
  ]) {
    end = writeVarint(bytes, end, number);
  }
  bytes.set(sketch, end);
  end += sketch.length;
  if (durations.count > MANY) {
    let last = 0;
    for (const bin of percentileBins(durations, READY_PERCENTILES)) {
      end = writeVarint(bytes, end, bin - last);
      last = bin;
    }
  }
  return bytes.slice(0, end);
}

/** @param start as for `encodeCell`. */
export function decodeCell(cell: Uint8Array, start: number): Measures {
  return readCell(new VarintReader(cell), start);
}

/** The same for a cell within other bytes: the reader is at its start, and then at its end. */
export function readCell(reader: VarintReader, start: number): Measures {
  const count = reader.next();
  const clientErrorCount = reader.next();
  const serverErrorCount = reader.next();
  const billedUnits = reader.next();
  const firstCreatedAt = start + reader.next();
  const lastCreatedAt = firstCreatedAt + reader.next();
  const durations = readDurations(reader);
  return { count, clientErrorCount, serverErrorCount, billedUnits, firstCreatedAt, lastCreatedAt, durations };
}

function readDurations(reader: VarintReader): Durations {
  const count = reader.next();
  if (count === 0) return NO_DURATIONS;
  const sum = reader.next();
  const min = reader.next();
  const max = min + reader.next();
  const sketch = reader.take(reader.next());
  if (count <= MANY) return { count, sum, min, max, sketch };
  let bin = 0;
  const percentiles = READY_PERCENTILES.map(() => {
    bin += reader.next();
    return valueWithin(bin, min, max);
  });
  return { count, sum, min, max, sketch, percentiles };
}

const NO_DURATIONS: Durations = { count: 0, sum: 0, min: null, max: null, sketch: new Uint8Array() };
