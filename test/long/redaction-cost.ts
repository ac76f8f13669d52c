import { parseArgs } from 'node:util';
import { BODY_LIMIT } from '../../src/log/redact/body-options.ts';
import { redactors } from '../../src/log/redact/redactor.ts';
import { hostileBody } from '../support/hostile-texts.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { usualBatch } from '../support/usual-batch.ts';

/*
 * Measures what a batch of 10 MB of one hostile body costs to redact, for many bodies, in turns with `JSON.parse` of a usual
 * batch, and prints it as JSON. A process of its own, as Vitest transforms modules so that calls between them cost more.
 *
 *   node test/long/redaction-cost.ts --bodies 10000 --length 65536
 */
const { values } = parseArgs({ options: { bodies: { type: 'string' }, length: { type: 'string' } } });
const [bodies, length] = [Number(values.bodies), Number(values.length)];
const BATCH = 10_485_760;
/**
 * At least this many bodies that took longest in a first measurement are measured as a whole batch, and more as long as one
 * took longer alone than the worst batch: for each of its bodies a batch allows less work than for one alone.
 */
const REMEASURED = 60;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const newRedactor = redactors({ names: [], limit: BODY_LIMIT, unknownBodies: 'omit' });
const random = seededRandom(1);
const perBatch = Math.ceil(BATCH / length);
const few = Math.ceil(BODY_LIMIT / length);
const measured = Array.from({ length: bodies }, () => {
  const one = hostileBody(random, length);
  // In one piece of memory, as a parser makes it.
  const text = JSON.parse(JSON.stringify(one.text)) as string;
  const cost = (times: number) =>
    cpuMs(() => {
      const { body } = newRedactor();
      for (let i = 0; i < times; i++) body(text, one.contentType);
    });
  return { made: one.made, cost, first: (Math.min(cost(few), cost(few)) * perBatch) / few };
});
measured.sort((a, b) => b.first - a.first);
const usual = usualBatch(BATCH);
const worst = { made: '', ms: 0, times: 0 };
let longest = 0;
for (const [i, { made, cost, first }] of measured.entries()) {
  if (i >= REMEASURED && first < longest) break;
  // The speed of the machine changes between two measurements, so each has its own divisor.
  const rounds = [1, 2, 3].map(() => {
    const parse = cpuMs(() => JSON.parse(usual));
    const ms = cost(perBatch);
    return { ms, times: ms / parse };
  });
  const { ms, times } = rounds.toSorted((a, b) => a.times - b.times)[1]!;
  longest = Math.max(longest, Math.min(...rounds.map((round) => round.ms)));
  if (times > worst.times) Object.assign(worst, { made, ms, times });
}
process.stdout.write(
  JSON.stringify({
    median: measured[Math.floor(bodies / 2)]!.first,
    worst: worst.ms,
    timesParse: worst.times,
    made: worst.made,
    parsedBytes: usual.length,
  }),
);
