import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BODY_LIMIT } from '../../src/log/redact/body-options.ts';
import { redactors } from '../../src/log/redact/redactor.ts';
import { hostileBody } from '../support/hostile-texts.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { trials } from './trials.ts';

const BODIES = trials('RELAYLOG_LONG_HOSTILE_TEXTS', 10_000);
/** Maximum ratio of the CPU time of the worst batch to that of `JSON.parse` of a usual one; measured: 4 to 5. */
const MAX_RATIO = 8;

interface Cost {
  readonly median: number;
  readonly worst: number;
  /** The worst beside `JSON.parse` of a usual batch. */
  readonly timesParse: number;
  readonly made: string;
}

/** The batch is of bodies as long as they are stored, or of as many short ones as a batch may have. */
it.each([BODY_LIMIT, 1_000])(
  'a batch of bodies of %i characters is redacted within the limit',
  async (length) => {
    const file = fileURLToPath(new URL('./redaction-cost.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      file,
      ...['--bodies', String(BODIES), '--length', String(length)],
    ]);
    const { median, worst, timesParse, made } = JSON.parse(stdout) as Cost;
    console.log(
      `${BODIES} bodies of ${length}: a batch takes ${median.toFixed(0)} ms by the median, ${worst.toFixed(0)} by the worst, ${timesParse.toFixed(1)} times JSON.parse: ${made}`,
    );
    expect(timesParse).toBeLessThan(MAX_RATIO);
  },
);

it('a text that is four times as long takes about four times the work', () => {
  const newRedactor = redactors({ names: [], limit: 16 * BODY_LIMIT, unknownBodies: 'keep' });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0x7fffffff }), (seed) => {
      const of = (length: number) => {
        const { text, contentType } = hostileBody(seededRandom(seed), length);
        return Math.min(...[1, 2, 3].map(() => cpuMs(() => newRedactor().body(text, contentType))));
      };
      expect(of(800_000)).toBeLessThan(Math.max(of(200_000), 2) * 4 * 4);
    }),
    { numRuns: Math.ceil(BODIES / 50) },
  );
});

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
