import { describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { CellBuilder, MAX_BATCH, ROLLED_UP_FIELDS } from './builder.ts';
import { decodeCell } from './cell.ts';
import { MAX_GROUPS, ROLL_UP_LIMITS, ROLL_UPS } from './declared.ts';

const START = Date.UTC(2026, 0, 1);

/** Adds logs whose fields all have the same value, except those that `ownValue` names. */
function build(logs: number, ownValue: (field: string, log: number) => string | number | undefined) {
  const builder = new CellBuilder(START);
  for (let i = 0; i < logs; i++) {
    const values = ROLLED_UP_FIELDS.map(
      (field) => ownValue(field, i) ?? (field === 'statusCode' ? 200 : 'x'),
    );
    builder.add(START + i, 200, 1, 5, values);
  }
  return builder;
}

const byOf = (kept: readonly unknown[]) => ROLL_UPS.filter((_, i) => kept[i] !== null).map(({ by }) => by);

describe('CellBuilder', () => {
  it('leaves out exactly the roll-ups with more groups than the limit', () => {
    const buildGroups = (groups: number) =>
      build(MAX_GROUPS + 1, (field, i) => (field === 'consumerId' ? i % groups : undefined));
    const all = ROLL_UPS.map(({ by }) => by);
    expect(byOf(buildGroups(MAX_GROUPS).finish(Number.POSITIVE_INFINITY))).toEqual(all);
    const kept = byOf(buildGroups(MAX_GROUPS + 1).finish(Number.POSITIVE_INFINITY));
    expect(kept).toEqual(all.filter((by) => !by.some((name) => name === 'CONSUMER_ID')));
  });

  it('keeps roll-ups with few groups, although those that they are merged from have too many', () => {
    const builder = build(2 * MAX_GROUPS, (field, i) =>
      field === 'apiKeyId' ? `K${i % 200}` : field === 'method' ? `M${Math.floor(i / 200)}` : undefined,
    );
    const cells = builder.finish(Number.POSITIVE_INFINITY);
    const index = (...by: string[]) => ROLL_UPS.findIndex((one) => one.by.join() === by.join());
    expect(cells[index('API_KEY_ID', 'METHOD')]).toBeNull();
    for (const [by, groups] of [
      ['API_KEY_ID', 200],
      ['METHOD', 100],
      ['', 1],
    ] as const) {
      const counts = [...cells[index(...by.split(/ /))]!.values()].map(
        (cell) => decodeCell(cell, START).count,
      );
      expect(new Set(counts)).toEqual(new Set([(2 * MAX_GROUPS) / groups]));
      expect(counts).toHaveLength(groups);
    }
  });

  it('counts every log in each roll-up that it keeps, also after others were left out', () => {
    const cells = build(MAX_GROUPS + 9, (field, i) =>
      field === 'host' ? i : field === 'method' ? `M${i % 3}` : undefined,
    ).finish(Number.POSITIVE_INFINITY);
    for (const groups of cells) {
      if (groups === null) continue;
      const counts = [...groups.values()].map((cell) => decodeCell(cell, START).count);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MAX_GROUPS + 9);
    }
  });

  it('counts every log in the roll-ups of a part of the dimensions, if those of all of them are left out within a batch', () => {
    const logs = 2 * MAX_BATCH + 9;
    for (const first of [0, MAX_BATCH - MAX_GROUPS - 1, MAX_BATCH + 5]) {
      const cells = build(logs, (field, i) =>
        field === 'routePattern'
          ? Math.max(0, i - first) % 5_000
          : field === 'method'
            ? `M${i % 3}`
            : undefined,
      ).finish(Number.POSITIVE_INFINITY);
      const kept = byOf(cells);
      expect(kept).toContainEqual(['ROUTE_PATTERN']);
      expect(kept).not.toContainEqual(['ROUTE_PATTERN', 'METHOD']);
      for (const groups of cells) {
        if (groups === null) continue;
        const counts = [...groups.values()].map((cell) => decodeCell(cell, START).count);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(logs);
      }
    }
  });

  it('always keeps the cell of all logs', () => {
    expect(byOf(build(3, (_, i) => i).finish(0))).toEqual([[]]);
  });

  it('the limit in bytes holds for any number of groups and logs', () => {
    for (const groups of [1, 7, 500]) {
      const builder = build(500, (_, i) => i % groups);
      const bytes = builder
        .finish(ROLL_UP_LIMITS.hourBytesPerLog)
        .flatMap((cells) => [...(cells?.values() ?? [])])
        .reduce((sum, cell) => sum + cell.length, 0);
      expect(bytes).toBeLessThanOrEqual(ROLL_UP_LIMITS.hourBytesPerLog * 500);
    }
  });

  it('a group counts for more than its cells if the store needs more for it', () => {
    const kept = (bytesPerGroup: number) =>
      byOf(build(500, (_, i) => i % 7).finish(ROLL_UP_LIMITS.hourBytesPerLog, bytesPerGroup)).length;
    expect(kept(0)).toBe(ROLL_UPS.length);
    expect(kept(24 * 300)).toBeLessThan(ROLL_UPS.length);
  });

  it('numbers every field that a dimension of a roll-up is made from', () => {
    const fields = new Set(ROLL_UPS.flatMap(({ by }) => by.map((name) => DIMENSIONS[name].field)));
    expect(new Set(ROLLED_UP_FIELDS)).toEqual(fields);
    expect(new Set(ROLL_UPS.map(({ code }) => code)).size).toBe(ROLL_UPS.length);
  });
});
