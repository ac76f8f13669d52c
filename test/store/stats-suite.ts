import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import {
  allMeasures,
  bucketMeasures,
  groupAnswers,
  otherMeasures,
  type PartAnswer,
} from '../../src/stats/answer.ts';
import { sortedGroups } from '../../src/stats/group-order.ts';
import { type CheckedPart, checkedPart } from '../../src/stats/question.ts';
import { countExactly } from '../../src/store/count-within.ts';
import type { ErasureStep } from '../../src/store/erasure.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import type { Store } from '../../src/store/store.ts';
import { trials } from '../support/trials.ts';
import { expectMeasures, measuresOf } from './expect-measures.ts';
import { expectedCount } from './oracle.ts';
import { anyFilter, recorded, sampleLog } from './samples.ts';
import { type ExpectedAnswer, expectedAnswer } from './stats-oracle.ts';
import { anyPart, anyStatsFilter, logsInTime } from './stats-questions.ts';

/** Random sets of logs, and the most questions about each; on average half as many, of two parts each. */
interface StatsTrials {
  readonly sets: number;
  readonly questions: number;
}

/** In the long run, about 10,000 parts of questions are asked, each in three to six states of the store. */
const LONG: StatsTrials = { sets: 500, questions: 20 };
const TIMEOUT_MS = trials(300_000, 7_200_000);

/**
 * Checks the statistics of a store against the oracle.
 *
 * @param sets number of random sets of logs, except in the long run.
 * @param long of the long run. A store that stores slowly may have fewer sets with more questions.
 */
export function describeStats(name: string, open: () => Promise<Store>, sets = 200, long = LONG): void {
  const tried = trials<StatsTrials>({ sets, questions: 4 }, long);
  describe(`${name}: statistics`, () => {
    let store: Store;
    let tenant = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('equal those of all logs in memory, for any filter, groups, buckets and zone', {
      timeout: TIMEOUT_MS,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(
          logsInTime,
          fc.array(fc.tuple(fc.oneof(anyStatsFilter, anyFilter), fc.array(anyPart, { maxLength: 4 })), {
            minLength: 1,
            maxLength: tried.questions,
            size: 'max',
          }),
          fc.option(fc.integer({ min: 0, max: 1_000 })),
          async (logs, questions, window) => {
            const suffix = `-s${++tenant}`;
            const own = logs.map(({ id, ...log }) =>
              sampleLog({ ...log, organizationId: log.organizationId + suffix }),
            );
            const organizationId = `acme${suffix}`;
            const visibleFrom = window === null ? null : (own[window % own.length]?.createdAt ?? 0);
            const scope = { organizationId, visibleFrom };
            /** Checks all questions, as soon as these logs are stored and after all that changes no answer. */
            const checkWith = (stored: readonly RequestLog[]) => {
              const expected = questions.map(([filter, parts]) => ({
                count: expectedCount(stored, scope, filter),
                answers: parts.map((part) => expectedAnswer(stored, scope, { filter, ...part })),
              }));
              return async () => {
                for (const [i, [filter, parts]] of questions.entries()) {
                  const checked = parts.map(checkedPart);
                  const answers = await store.stats(scope, filter, checked);
                  expect(answers).toHaveLength(parts.length);
                  const { count, answers: expectedAnswers } = expected[i]!;
                  if (i % 4 === 0) expect(await countExactly(store, scope, filter)).toBe(count);
                  answers.forEach((answer, k) => {
                    expectAnswer(answer, checked[k]!, expectedAnswers[k]!);
                  });
                }
              };
            };
            const early = own.filter((_, i) => i % 7 > 0);
            if (early.length > 0) await store.insert(early.map(recorded));
            let check = checkWith(early);
            await check();
            if (await rollUp(store)) await check();
            // Late logs, and the others once more.
            if (own.length > 0) await store.insert(own.map(recorded));
            check = checkWith(own);
            await check();
            if (await rollUp(store)) await check();
            const oldest = own
              .filter((log) => log.organizationId === organizationId)
              .sort((a, b) => (a.id < b.id ? -1 : 1))
              .slice(0, 1 + (own.length % 5));
            await store.deleteBefore(organizationId, NOW, 1 + (own.length % 5));
            check = checkWith(own.filter((log) => !oldest.includes(log)));
            await check();
            if (await rollUp(store)) await check();
            // Some servers read the logs and roll-ups of all sets for each question.
            for (const id of new Set(own.map((log) => log.organizationId))) await eraseAll(store, id);
            const [total] = await store.stats({ organizationId, visibleFrom: null }, MATCH_ALL, [TOTAL]);
            expect(allMeasures(total!).count).toBe(0);
          },
        ),
        { numRuns: tried.sets },
      );
    });
  });
}

/** All measures of all logs. */
const TOTAL = checkedPart({ groups: null, buckets: null });

async function eraseAll(store: Store, organizationId: string): Promise<void> {
  let after: ErasureStep['next'] = null;
  do after = (await store.eraseStep({ organizationId, match: null }, after)).next;
  while (after !== null);
}

/** After all logs. */
const NOW = Date.UTC(2030, 0, 1);

/** Small limits, so that few logs are kept in every kind of cell. No insert is in flight when roll-ups are built. */
const LIMITS = { ...ROLL_UP_LIMITS, hourBytesPerLog: 300, unitBytesPerLog: 300, denseHour: 5, quietMs: 0 };

/** Prepares everything. Returns false if there was nothing to prepare. */
async function rollUp(store: Store): Promise<boolean> {
  let steps = 0;
  while (await store.rollUpStep(NOW, LIMITS)) steps++;
  expect(await store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
  return steps > 0;
}

function expectAnswer(answer: PartAnswer, part: CheckedPart, expected: ExpectedAnswer): void {
  if (part.buckets !== null) {
    const parts =
      part.groups === null
        ? [expected]
        : part.groups.keys.map((key) => expected.groups!.get(JSON.stringify(key)) ?? null);
    for (const [group, one] of parts.entries()) {
      for (const [i, row] of bucketMeasures(answer, part, group).entries()) {
        expectMeasures(row, one === null ? [] : one.buckets![i]!.logs);
      }
    }
    return;
  }
  expectMeasures(allMeasures(answer), expected.logs);
  if (part.groups === null) return;
  const { by, order, search, top } = part.groups;
  const groups = [...expected.groups!].flatMap(([values, { logs }]) => {
    const key = (JSON.parse(values) as (string | null)[]).map((value, i) => ({ dimension: by[i]!, value }));
    const isFound =
      search === null || key.some(({ value }) => value?.toLowerCase().includes(search.toLowerCase()));
    return isFound ? [{ key, logs, measures: measuresOf(logs) }] : [];
  });
  const sorted = sortedGroups(groups, order);
  const listed = groupAnswers(answer, part);
  expect(answer.groups!.count).toBe(groups.length);
  expect(listed.map(({ key }) => key)).toEqual(sorted.slice(0, top).map(({ key }) => key));
  for (const [i, { measures }] of listed.entries()) expectMeasures(measures, sorted[i]!.logs);
  expectMeasures(
    otherMeasures(answer),
    sorted.slice(top).flatMap(({ logs }) => logs),
  );
}
