import { MAX_VARINT_BYTES, VarintReader, writeVarint } from '../../lib/varint.ts';
import type { Measures } from '../../stats/measures.ts';

/*
 * A cell holds the measures of the logs of one group in a span of time, as varints: count, client errors, server errors, billed
 * units, milliseconds from the start of the span to the first log, from the first to the last, and the count of durations. If
 * there are durations: their sum, minimum, maximum minus minimum, and the sketch with its length before it.
 */

const NUMBERS = 11;

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
  return bytes.slice(0, end + sketch.length);
}

/** @param start as for `encodeCell`. */
export function decodeCell(cell: Uint8Array, start: number): Measures {
  const reader = new VarintReader(cell);
  const count = reader.next();
  const clientErrorCount = reader.next();
  const serverErrorCount = reader.next();
  const billedUnits = reader.next();
  const firstCreatedAt = start + reader.next();
  const lastCreatedAt = firstCreatedAt + reader.next();
  const durationCount = reader.next();
  if (durationCount === 0) {
    const durations = { count: 0, sum: 0, min: null, max: null, sketch: NO_SKETCH };
    return {
      count,
      clientErrorCount,
      serverErrorCount,
      billedUnits,
      firstCreatedAt,
      lastCreatedAt,
      durations,
    };
  }
  const sum = reader.next();
  const min = reader.next();
  const max = min + reader.next();
  const sketch = reader.take(reader.next());
  const durations = { count: durationCount, sum, min, max, sketch };
  return { count, clientErrorCount, serverErrorCount, billedUnits, firstCreatedAt, lastCreatedAt, durations };
}

const NO_SKETCH = new Uint8Array();
