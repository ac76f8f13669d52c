import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import type { PagePlan } from '../../access-path.ts';
import type { Reservation } from '../connection.ts';
import { keyRangesOf } from './keyset.ts';
import { type Find, pageSteps } from './page.ts';

/** The commands of a page in order of the status code. */
export interface StatusReads {
  /** The first existing code of a range in the order of the page; null if there is none. Takes one index seek. */
  seek(from: number, to: number): Promise<number | null>;
  read(find: Find): Promise<RequestLog[]>;
  /** Says how many commands may run together. */
  reserve(most: number): Reservation;
}

/** Returns whether the page consists of one stream for each existing status code, one after the other. */
export function isInStatusOrder({ streams, key }: PagePlan): boolean {
  return key === 'statusCode' && streams !== null && !('values' in streams);
}

/** Codes of one class; codes are searched from one end to the other. */
interface StatusClass {
  from: number;
  to: number;
  /** Codes that exist and were not read yet, in the order of the page. */
  readonly found: number[];
}

/** A seek for each class, or a read for each. */
const MOST_TOGETHER = 5;

/**
 * Reads a page in order of the status code. It searches the codes of all classes together, and reads the stream of a code as soon as
 * all codes before it are known: first one stream, then, if the page is not full, two together, then four, each limited to the
 * missing rows. With one command at a time it sends nothing that the page does not need.
 */
export async function readInStatusOrder(
  query: LogQuery,
  plan: PagePlan,
  { seek, read, reserve }: StatusReads,
): Promise<RequestLog[]> {
  const classes = classesOf(query, plan);
  const page: RequestLog[] = [];
  let width = 1;
  for (;;) {
    const limit = query.limit - page.length;
    const open = classes.filter(({ from, to }) => from <= to);
    const finds = knownCodes(classes).flatMap((code) => pageSteps({ ...query, limit }, plan, [code]).flat());
    if (limit === 0 || (open.length === 0 && finds.length === 0)) return page;
    using reservation = reserve(MOST_TOGETHER);
    const { count } = reservation;
    const reading = finds.slice(0, Math.min(width, count));
    const seeking = open.slice(0, count - reading.length);
    const reads = reading.map(read);
    const seeks = seeking.map((one) => seekNext(query, one, seek));
    // A reservation ends when all commands have ended, also if one of them failed.
    await Promise.allSettled([...reads, ...seeks]);
    await Promise.all(seeks);
    for (const logs of await Promise.all(reads)) page.push(...logs.slice(0, query.limit - page.length));
    removeFirst(classes, reading.length);
    if (reading.length > 0) width *= 2;
  }
}

async function seekNext({ direction }: LogQuery, one: StatusClass, seek: StatusReads['seek']): Promise<void> {
  const code = await seek(one.from, one.to);
  if (code === null) one.to = one.from - 1;
  else if (direction === 'asc') one.from = code + 1;
  else one.to = code - 1;
  if (code !== null) one.found.push(code);
}

/** The codes that were found and not read, up to where another code may precede. */
function knownCodes(classes: readonly StatusClass[]): number[] {
  const first = classes.findIndex(({ from, to }) => from <= to);
  return classes.slice(0, first === -1 ? classes.length : first + 1).flatMap(({ found }) => found);
}

function removeFirst(classes: readonly StatusClass[], count: number): void {
  let left = count;
  for (const { found } of classes) left -= found.splice(0, left).length;
}

/** The classes that can have rows of the page, in its order. Each of their codes has one find. */
function classesOf({ sort, direction }: LogQuery, { streams, lower, upper }: PagePlan): StatusClass[] {
  const { from, to } = streams as { readonly from: number; readonly to: number };
  const ranges = keyRangesOf(sort, lower, upper);
  const lowest = Math.max(from, ranges[0]?.from ?? Number.POSITIVE_INFINITY);
  const highest = Math.min(to, ranges.at(-1)?.to ?? Number.NEGATIVE_INFINITY);
  const classes = [100, 200, 300, 400, 500]
    .map(
      (first): StatusClass => ({
        from: Math.max(lowest, first),
        to: Math.min(highest, first + 99),
        found: [],
      }),
    )
    .filter((one) => one.from <= one.to);
  return direction === 'asc' ? classes : classes.reverse();
}
