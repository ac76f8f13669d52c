import { FIELDS } from '../../../log/fields.ts';
import { DIMENSIONS } from '../../../stats/dimensions.ts';
import type { Measures } from '../../../stats/measures.ts';
import { CLIENT_ERROR, SERVER_ERROR, statusCodesOf } from '../../../stats/status-class.ts';
import type { FilterPlan } from '../../access-path.ts';
import { ROLL_UPS, type RollUp } from '../../roll-ups/declared.ts';
import { keyText } from '../../roll-ups/group-key.ts';

/** The cells that count the logs of an index range. */
export interface WindowSource {
  readonly rollUp: RollUp;
  readonly keys: readonly string[];
  countOf(measures: Measures): number;
}

/** The cells of all logs. */
export const OF_ALL: WindowSource = {
  rollUp: ROLL_UPS[0]!,
  keys: [keyText([])],
  countOf: ({ count }) => count,
};

/** The cells that count what the streams of a plan select, without its bounds on the time. Null if there are none. */
export function windowSource({ index, streams: [key] }: FilterPlan): WindowSource | null {
  if (key !== undefined && 'values' in key) {
    const rollUp = ROLL_UPS.find(({ by }) => by.length === 1 && DIMENSIONS[by[0]].field === key.field);
    if (rollUp === undefined) return null;
    return { rollUp, keys: key.values.map((value) => keyText([value])), countOf: ({ count }) => count };
  }
  if (key !== undefined && key.field !== 'statusCode') return null;
  const { from, to } = key ?? { from: index.minStatusCode ?? STATUS.min, to: STATUS.max };
  const countOf = countOfStatuses(from, to);
  return countOf && { ...OF_ALL, countOf };
}

const STATUS = FIELDS.statusCode;

/** The ranges of status codes that each cell counts, in order. */
const COUNTED = [
  {
    lowest: STATUS.min,
    highest: statusCodesOf(CLIENT_ERROR).lowest - 1,
    countOf: ({ count, clientErrorCount, serverErrorCount }: Measures) =>
      count - clientErrorCount - serverErrorCount,
  },
  { ...statusCodesOf(CLIENT_ERROR), countOf: ({ clientErrorCount }: Measures) => clientErrorCount },
  { ...statusCodesOf(SERVER_ERROR), countOf: ({ serverErrorCount }: Measures) => serverErrorCount },
];

/** Counts the logs of a range of status codes, both inclusive, in a cell. Null if a cell does not count them apart. */
function countOfStatuses(from: number, to: number): WindowSource['countOf'] | null {
  const within = COUNTED.filter(({ lowest, highest }) => from <= lowest && highest <= to);
  if (within[0]?.lowest !== from || within.at(-1)?.highest !== to) return null;
  return (measures) => within.reduce((sum, { countOf }) => sum + countOf(measures), 0);
}
