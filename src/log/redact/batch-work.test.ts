import * as fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { hostileBody } from '../../../test/support/hostile-texts.ts';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { BODY_LIMIT } from './body-options.ts';
import { redactors } from './redactor.ts';
import { batchWorkFor, TextSearch, workFor } from './text.ts';

const newRedactor = redactors({ names: [], limit: BODY_LIMIT, unknownBodies: 'keep' });

afterEach(() => {
  vi.restoreAllMocks();
});

interface Refusal {
  readonly length: number;
  /** The work of the text before, and the work that was too much. */
  readonly done: number;
  readonly wanted: number;
}

/** Counts the work of one batch from now on: what its texts may cost one by one, what they did cost, and the first work that each was refused. */
function countWork() {
  const counted = { alone: 0, done: 0, refused: [] as Refusal[] };
  let text = { length: 0, done: 0, isRefused: false };
  const { start, spend } = TextSearch.prototype;
  vi.spyOn(TextSearch.prototype, 'start').mockImplementation(function (this: TextSearch, length) {
    text = { length, done: 0, isRefused: false };
    counted.alone += workFor(length);
    start.call(this, length);
  });
  vi.spyOn(TextSearch.prototype, 'spend').mockImplementation(function (this: TextSearch, work) {
    const isAllowed = spend.call(this, work);
    if (isAllowed) {
      text.done += work;
      counted.done += work;
    } else if (!text.isRefused) {
      text.isRefused = true;
      counted.refused.push({ length: text.length, done: text.done, wanted: work });
    }
    return isAllowed;
  });
  return counted;
}

/** `%41=` in a form in a form takes all the work that a body may take. */
const COSTLY = `a=1&b=${encodeURIComponent('%41='.repeat(7_000))}`;
const FORM = 'application/x-www-form-urlencoded';

it('no batch takes more work than its texts allow, and no text has less than its share', () => {
  const bodies = fc.array(
    fc.record({
      seed: fc.integer({ min: 1, max: 0x7fffffff }),
      length: fc.oneof(fc.integer({ min: 20, max: 2_000 }), fc.constant(BODY_LIMIT)),
    }),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(bodies, (batch) => {
      const counted = countWork();
      const redactor = newRedactor();
      for (let i = 0; i < 40; i++) redactor.body(COSTLY, FORM);
      for (const { seed, length } of batch) {
        const { text, contentType } = hostileBody(seededRandom(seed), length);
        for (let sent = 0; sent < 500_000; sent += length) {
          redactor.body(text, contentType);
          redactor.url('/v1/things?page=2');
        }
      }
      vi.restoreAllMocks();
      expect(counted.done).toBeLessThanOrEqual(batchWorkFor(counted.alone));
      for (const { length, done, wanted } of counted.refused) {
        expect(done + wanted).toBeGreaterThan(batchWorkFor(workFor(length)) - batchWorkFor(0));
      }
      // It was refused work that one alone may take.
      expect(counted.refused.some(({ length, done, wanted }) => done + wanted < workFor(length))).toBe(true);
    }),
    { numRuns: 8 },
  );
});

it('a batch of a few logs allows each of them what one alone may take', () => {
  const counted = countWork();
  const redactor = newRedactor();
  for (let i = 0; i < 8; i++) redactor.body(COSTLY, FORM);
  expect(counted.refused).toHaveLength(8);
  for (const { length, done, wanted } of counted.refused)
    expect(done + wanted).toBeGreaterThan(workFor(length));
});
