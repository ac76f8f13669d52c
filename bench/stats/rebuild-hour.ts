import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HOUR_MS } from '../../src/lib/time-units.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ROLLED_UP_FIELDS } from '../../src/store/roll-ups/builder.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { snakeCase } from '../../src/store/sqlite/schema/columns.ts';
import { loadStore } from './load.ts';
import type { Taken } from './peer.ts';

const HOUR = Date.UTC(2026, 10, 20, 9);
const LOGS = 1_000_000;

const COLUMNS = [...new Set([...ROLLED_UP_FIELDS, 'billedUnits', 'durationMs'])].map(snakeCase);

/**
 * Rolls up an hour of 1,000,000 logs in the thread of the store that does so, in turn with what only reads the same columns by plain
 * node:sqlite in this thread.
 */
export async function rebuildHour(
  folder: string,
  rounds: number,
  timed: (work: () => Promise<unknown>) => Promise<Taken>,
  shown: (all: readonly Taken[]) => string,
): Promise<void> {
  const file = join(folder, 'rebuild.db');
  if (!existsSync(file)) await loadStore(file, LOGS, HOUR, HOUR_MS);
  const plain = new DatabaseSync(file, { readOnly: true });
  const rows = plain.prepare(`SELECT ${COLUMNS}, hex(substr(id, 1, 6)) FROM request_logs NOT INDEXED`);
  rows.setReturnArrays(true);
  const inSql = plain.prepare(`
    SELECT ${COLUMNS.map((name) => `count(${name})`)}, count(hex(substr(id, 1, 6))) FROM request_logs NOT INDEXED`);
  const store = await openStore(`sqlite:${file}`);
  const build = async (denseHour: number) => {
    while (await store.rollUpStep(HOUR + 2 * HOUR_MS, { ...ROLL_UP_LIMITS, denseHour }));
  };
  const contenders: Record<string, { before?: () => Promise<unknown>; work: () => Promise<unknown> }> = {
    'roll-ups of the hour': {
      before: () => store.resetRollUps(),
      work: () => build(Number.POSITIVE_INFINITY),
    },
    'the hour and its units': {
      before: () => store.resetRollUps(),
      work: () => build(ROLL_UP_LIMITS.denseHour),
    },
    'plain node:sqlite, each row as an array': {
      work: async () => {
        let read = 0;
        for (const _ of rows.iterate()) read++;
        if (read !== LOGS) throw new Error(`There are ${read} logs.`);
      },
    },
    'SQLite alone, which counts the values of each column': { work: async () => inSql.get() },
  };
  const taken = new Map<string, Taken[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { before, work }] of Object.entries(contenders)) {
      await before?.();
      taken.get(name)!.push(await timed(work));
    }
  }
  console.log(`\ng. An hour of ${LOGS} logs; goal 2,000 ms\n\n| | ms (CPU) |\n| --- | --- |`);
  for (const [name, all] of taken) console.log(`| ${name} | ${shown(all)} |`);
  await store.close();
  plain.close();
}
