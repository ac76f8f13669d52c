import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CursorUse, cursorsFor } from './cursor.ts';
import { RelaylogError } from './errors.ts';
import { type Filter, MATCH_ALL } from './filter.ts';
import { logId } from './log-id.ts';
import { DIRECTIONS, type Position, SORT_FIELDS, SORTS } from './sort.ts';

const secret = randomBytes(32);
const now = 1_776_513_600_000;
const methodIs = (value: string): Filter => ({ op: 'eq', field: 'method', value });
const use: CursorUse = {
  api: 'graphql',
  organizationId: 'acme',
  sort: 'durationMs',
  direction: 'desc',
  requested: methodIs('GET'),
};
const position: Position = { sortValue: -1, createdAt: 1000, id: logId(1000, 'acme', 'x') };
const startedAt = now - 5_000;
const place = { position, startedAt };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof RelaylogError ? error.code : `unexpected ${error}`;
  }
}

describe('a cursor', () => {
  it('encodes its place in 72 URL-safe characters and decodes to the same place', () => {
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
        fc.integer({ min: 0, max: 2 ** 47 }),
        (original, sort, direction, start) => {
          const cursors = cursorsFor(secret, { ...use, sort, direction }, { now });
          const cursor = cursors.encode({ position: original, startedAt: start });
          expect(cursor).toMatch(/^[A-Za-z0-9_-]{72}$/);
          expect(cursors.decode(cursor)).toEqual({ position: original, startedAt: start });
        },
      ),
    );
  });

  it('that is not given is the beginning of a walk that starts now', () => {
    const beginning = { position: undefined, startedAt: now };
    const cursors = cursorsFor(secret, use, { now, maxAge: 0 });
    expect([undefined, null].map((none) => cursors.decode(none))).toEqual([beginning, beginning]);
  });

  it('is rejected if any byte is changed, removed or added', () => {
    const cursors = cursorsFor(secret, use, { now });
    const cursor = cursors.encode(place);
    for (let i = 0; i < 54; i++) {
      const bytes = Buffer.from(cursor, 'base64url');
      bytes[i]! ^= 1;
      expect([i, codeOf(() => cursors.decode(bytes.toString('base64url')))]).toEqual([i, 'BAD_USER_INPUT']);
    }
    for (let i = 0; i < 72; i++)
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
    const cursor = cursorsFor(secret, use, { now }).encode(place);
    const others: CursorUse[] = [
      { ...use, organizationId: 'globex' },
      { ...use, sort: 'statusCode' },
      { ...use, direction: 'asc' },
      { ...use, api: 'scrip' },
      { ...use, requested: methodIs('get') },
      { ...use, requested: MATCH_ALL },
      { ...use, requested: { op: 'not', filter: use.requested } },
    ];
    for (const other of others)
      expect(codeOf(() => cursorsFor(secret, other, { now }).decode(cursor))).toBe('BAD_USER_INPUT');
    expect(codeOf(() => cursorsFor(randomBytes(32), use, { now }).decode(cursor))).toBe('BAD_USER_INPUT');
  });

  it('is valid for the same filter in another form', () => {
    const requested: Filter = { op: 'and', filters: [{ op: 'in', field: 'method', values: ['GET', 'GET'] }] };
    expect(
      cursorsFor(secret, { ...use, requested }, { now }).decode(
        cursorsFor(secret, use, { now }).encode(place),
      ),
    ).toEqual(place);
  });

  it('does not depend on cursors of other queries and installations that are encoded in between', () => {
    const queries = [
      cursorsFor(secret, use, { now }),
      cursorsFor(secret, { ...use, sort: 'createdAt' }, { now: now + 1 }),
      cursorsFor(randomBytes(32), use, { now }),
      cursorsFor(secret, { ...use, requested: MATCH_ALL }, { now }),
    ];
    const expected = queries.map((cursors) => cursors.encode(place));
    expect(new Set(expected).size).toBe(queries.length);
    fc.assert(
      fc.property(fc.array(fc.nat(queries.length - 1)), (order) => {
        for (const i of order) expect(queries[i]!.encode(place)).toBe(expected[i]);
      }),
    );
  });

  it('expires one millisecond after its maximum age, and never without one', () => {
    const cursor = cursorsFor(secret, use, { now }).encode(place);
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
  ['createdAt', 'asc', 'AwABm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBhlXpb-79ZF-L6e'],
  ['createdAt', 'desc', 'AwEBm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBhY23EBbYyo1xXL'],
  ['durationMs', 'asc', 'AwIBm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBjtf5wQJJLT3auG'],
  ['durationMs', 'desc', 'AwMBm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBhJyAwB_CjyR8hb'],
  ['statusCode', 'asc', 'AwQBm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBgUd2Zr-XuCLiH-'],
  ['statusCode', 'desc', 'AwUBm3baqACtlw5RNE0SCAAAAAABlQGbdtqoAHRnonTpnEHdgF0Bm3bapBgmagr60CcSSooi'],
] as const;

/** Has each kind of part, because the form of each is frozen. */
const FILTER: Filter = {
  op: 'and',
  filters: [
    {
      op: 'or',
      filters: [methodIs('GET'), { op: 'not', filter: { op: 'gt', field: 'durationMs', value: 7 } }],
    },
    { op: 'notIn', field: 'errorType', values: ['a', null] },
    { op: 'contains', field: 'path', value: '/V1' },
    { op: 'lt', field: 'createdAt', value: 5 },
  ],
};

it.each(ISSUED_EARLIER)('a %s %s cursor of an earlier version stays valid', (sort, direction, cursor) => {
  const time = Date.UTC(2026, 0, 1);
  const issuedFor = {
    position: { sortValue: 404, createdAt: time, id: '019b76da-a800-7467-a274-e99c41dd805d' },
    startedAt: time - 1000,
  };
  const cursors = cursorsFor(
    Buffer.alloc(32, 7),
    { api: 'graphql', organizationId: 'acme', sort, direction, requested: FILTER },
    { now: time },
  );
  expect(cursors.decode(cursor)).toEqual(issuedFor);
  expect(cursors.encode(issuedFor)).toBe(cursor);
});

it('a cursor of version 2, which had no start of the walk, is rejected', () => {
  const cursor = 'AgABm3baqAB-CVoFvFpkdwAAAAABlQGbdtqoAHRnonTpnEHdgF2-U9dGxi37nyu8';
  const cursors = cursorsFor(Buffer.alloc(32, 7), { ...use, sort: 'createdAt', direction: 'asc' }, { now });
  expect(codeOf(() => cursors.decode(cursor))).toBe('BAD_USER_INPUT');
});

it('every combination of sort and direction has its own code', () => {
  const codes = SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => SORTS[sort].codes[direction]));
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toBeLessThan(256);
});
