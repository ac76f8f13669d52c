import { describe, expect, it } from 'vitest';
import { sampleLog } from '../../../../test/store/samples.ts';
import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { planPage } from '../../access-path.ts';
import type { Find } from './page.ts';
import { readInStatusOrder } from './status-order.ts';

const CODES = [599, 503, 500, 429, 404, 204, 201, 200];
const query: LogQuery = {
  scope: { organizationId: 'acme', visibleFrom: null },
  filter: { op: 'gte', field: 'createdAt', value: 0 },
  sort: 'statusCode',
  direction: 'desc',
  limit: 50,
};

/** Reads a page when each code has so many logs; returns the commands that were sent together. */
async function rounds(logsOfEach: number, together: number, more: Partial<LogQuery> = {}) {
  const rounds: string[][] = [];
  const codeOf = ({ filter }: Find) =>
    filter.$and!.flatMap(({ statusCode }) => (statusCode as { $eq?: number } | undefined)?.$eq ?? [])[0]!;
  const page = await readInStatusOrder({ ...query, ...more }, planPage({ ...query, ...more }), {
    async seek(from, to) {
      rounds.at(-1)!.push(`seek ${from}`);
      return CODES.find((code) => from <= code && code <= to) ?? null;
    },
    async read(find) {
      const statusCode = codeOf(find);
      rounds.at(-1)!.push(`${find.limit} of ${statusCode}`);
      return Array.from(
        { length: Math.min(logsOfEach, find.limit) },
        (): RequestLog => sampleLog({ statusCode }),
      );
    },
    reserve(most) {
      rounds.push([]);
      return { count: Math.min(most, together), [Symbol.dispose]: () => undefined };
    },
  });
  return { rounds, codes: page.map(({ statusCode }) => statusCode) };
}

describe('a page in order of the status code', () => {
  it('sends only what it needs if it may send one command at a time', async () => {
    const { rounds: sent } = await rounds(30, 1);
    expect(sent).toEqual([['seek 500'], ['50 of 599'], ['seek 500'], ['20 of 503']]);
  });

  it('asks for the codes of all classes together, and for one stream while these may fill the page', async () => {
    const { rounds: sent } = await rounds(50, 5);
    expect(sent).toEqual([
      ['seek 500', 'seek 400', 'seek 300', 'seek 200', 'seek 100'],
      ['50 of 599', 'seek 500', 'seek 400', 'seek 200'],
    ]);
  });

  it('asks for more streams together the more of them are almost empty', async () => {
    const { rounds: sent, codes } = await rounds(1, 5);
    expect(codes).toEqual(CODES);
    expect(sent.length).toBeLessThan(8);
    const reads = sent.map((round) => round.filter((command) => !command.startsWith('seek')).length);
    expect(Math.max(...reads)).toBeGreaterThan(1);
    expect(reads.reduce((sum, count) => sum + count)).toBe(CODES.length);
    for (const round of sent) expect(round.length).toBeLessThanOrEqual(5);
  });

  it('continues after a position without the classes before it', async () => {
    const after = { sortValue: 404, createdAt: 5, id: 'x' };
    const { rounds: sent } = await rounds(50, 5, { after });
    expect(sent[0]).toEqual(['seek 400', 'seek 300', 'seek 200', 'seek 100']);
    expect(sent[1]![0]).toBe('50 of 404');
  });
});
