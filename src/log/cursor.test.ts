import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CursorUse, cursorsFor } from './cursor.ts';
import { RelaylogError } from './errors.ts';
import { logId } from './log-id.ts';
import { DIRECTIONS, type Position, SORT_FIELDS, SORTS } from './sort.ts';

const secret = randomBytes(32);
const now = 1_776_513_600_000;
const use: CursorUse = {
  organizationId: 'acme',
  sort: 'durationMs',
  direction: 'desc',
  requested: { a: 1, b: [2, null] },
};
const position: Position = { sortValue: -1, createdAt: 1000, id: logId(1000, 'acme', 'x') };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof RelaylogError ? error.code : `unexpected ${error}`;
  }
}

describe('a cursor', () => {
  it('encodes its position in 64 URL-safe characters and decodes to the same position', () => {
    const anyPosition = fc
      .record({
        sortValue: fc.integer({ min: -1, max: 2 ** 47 }),
        createdAt: fc.integer({ min: 0, max: 2 ** 47 }),
        requestId: fc.string(),
      })
      .map(({ sortValue, createdAt, requestId }) => ({
        sortValue,
        createdAt,
        id: logId(createdAt, 'acme', requestId),
      }));
    fc.assert(
      fc.property(
        anyPosition,
        fc.constantFrom(...SORT_FIELDS),
        fc.constantFrom(...DIRECTIONS),
        (original, sort, direction) => {
          const cursors = cursorsFor(secret, { ...use, sort, direction }, { now });
          const cursor = cursors.encode(original);
          expect(cursor).toMatch(/^[A-Za-z0-9_-]{64}$/);
          expect(cursors.decode(cursor)).toEqual(original);
        },
      ),
    );
  });

  it('is rejected if any byte is changed, removed or added', () => {
    const cursors = cursorsFor(secret, use, { now });
    const cursor = cursors.encode(position);
    for (let i = 0; i < 48; i++) {
      const bytes = Buffer.from(cursor, 'base64url');
      bytes[i]! ^= 1;
      expect([i, codeOf(() => cursors.decode(bytes.toString('base64url')))]).toEqual([i, 'BAD_USER_INPUT']);
    }
    for (let i = 0; i < 64; i++)
      expect(codeOf(() => cursors.decode(cursor.slice(0, i)))).toBe('BAD_USER_INPUT');
    for (const more of ['A', '=', ' ', '\n', '%'])
      expect(codeOf(() => cursors.decode(cursor + more))).toBe('BAD_USER_INPUT');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => codeOf(() => cursors.decode(text)) === 'BAD_USER_INPUT',
      ),
    );
  });

  it('is rejected for any other query and by any other installation', () => {
    const cursor = cursorsFor(secret, use, { now }).encode(position);
    const others: CursorUse[] = [
      { ...use, organizationId: 'globex' },
      { ...use, sort: 'statusCode' },
      { ...use, direction: 'asc' },
      { ...use, requested: { a: 1, b: [null, 2] } },
      { ...use, requested: null },
      { ...use, requested: { a: new Date(1), b: [2, null] } },
    ];
    for (const other of others)
      expect(codeOf(() => cursorsFor(secret, other, { now }).decode(cursor))).toBe('BAD_USER_INPUT');
    expect(codeOf(() => cursorsFor(randomBytes(32), use, { now }).decode(cursor))).toBe('BAD_USER_INPUT');
  });

  it('does not depend on the order of the fields in a filter', () => {
    const reordered = { ...use, requested: { b: [2, null], a: 1 } };
    expect(
      cursorsFor(secret, reordered, { now }).decode(cursorsFor(secret, use, { now }).encode(position)),
    ).toEqual(position);
  });

  it('distinguishes times, and ignores undefined fields', () => {
    const at = (ms: number, more: object = {}) =>
      cursorsFor(secret, { ...use, requested: { createdAt: { gte: new Date(ms) }, ...more } }, { now });
    const cursor = at(1).encode(position);
    expect(at(1, { method: undefined }).decode(cursor)).toEqual(position);
    expect(codeOf(() => at(2).decode(cursor))).toBe('BAD_USER_INPUT');
  });

  it('does not depend on cursors of other queries and installations that are encoded in between', () => {
    const queries = [
      cursorsFor(secret, use, { now }),
      cursorsFor(secret, { ...use, sort: 'createdAt' }, { now: now + 1 }),
      cursorsFor(randomBytes(32), use, { now }),
      cursorsFor(secret, { ...use, requested: null }, { now }),
    ];
    const expected = queries.map((cursors) => cursors.encode(position));
    expect(new Set(expected).size).toBe(queries.length);
    fc.assert(
      fc.property(fc.array(fc.nat(queries.length - 1)), (order) => {
        for (const i of order) expect(queries[i]!.encode(position)).toBe(expected[i]);
      }),
    );
  });

  it('expires one millisecond after its maximum age, and never without one', () => {
    const cursor = cursorsFor(secret, use, { now }).encode(position);
    const at = (later: number, maxAge?: number) =>
      codeOf(() =>
        cursorsFor(secret, use, { now: now + later, ...(maxAge === undefined ? {} : { maxAge }) }).decode(
          cursor,
        ),
      );
    expect(at(1000, 1000)).toBe('accepted');
    expect(at(1001, 1000)).toBe('CURSOR_EXPIRED');
    expect(at(10 ** 12)).toBe('accepted');
  });
});

/** Issued by earlier versions. Clients store cursors, so these must stay valid. */
const ISSUED_EARLIER = [
  ['createdAt', 'asc', 'AgABm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF2-U9dGxi37nyu8'],
  ['createdAt', 'desc', 'AgEBm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF20r1duRoD80wPt'],
  ['durationMs', 'asc', 'AgIBm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF1U_lqzDschBXQj'],
  ['durationMs', 'desc', 'AgMBm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF2ux7agCFCP_h07'],
  ['statusCode', 'asc', 'AgQBm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF3m5XrSwaErfhkF'],
  ['statusCode', 'desc', 'AgUBm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF3ifzV2f68k6CMR'],
] as const;

it.each(ISSUED_EARLIER)('a %s %s cursor of an earlier version stays valid', (sort, direction, cursor) => {
  const time = Date.UTC(2026, 0, 1);
  const issuedFor = { sortValue: 404, createdAt: time, id: '019b76da-a800-7467-a274-e99c41dd805d' };
  const cursors = cursorsFor(
    Buffer.alloc(32, 7),
    { organizationId: 'acme', sort, direction, requested: { a: 1 } },
    { now: time },
  );
  expect(cursors.decode(cursor)).toEqual(issuedFor);
  expect(cursors.encode(issuedFor)).toBe(cursor);
});

it('every combination of sort and direction has its own code', () => {
  const codes = SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => SORTS[sort].codes[direction]));
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toBeLessThan(256);
});
