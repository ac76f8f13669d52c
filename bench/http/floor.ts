import { handWrittenAnswer } from './hand-written.ts';
import { listen } from './listen.ts';
import { benchStore } from './store.ts';

/*
 * The lower bound of the 99th percentile: sends the same bytes each time, after `PAGE_MS` of work that allocates nothing.
 * If `BENCH_FLOOR` is `clock`, the work is to poll the clock, so its duration does not grow when the machine is slow;
 * otherwise it is a loop with a fixed number of turns.
 */
const PAGE_MS = 0.12;
const CALIBRATION_TURNS = 2_000_000;
const numbers = Float64Array.from({ length: 4096 }, (_, i) => i);
let sum = 0;

function loop(turns: number): void {
  for (let i = 0; i < turns; i++) sum = (sum * 1.0000001 + numbers[i & 4095]!) % 1000;
}

function turnsOf(ms: number): number {
  loop(CALIBRATION_TURNS);
  const start = performance.now();
  loop(CALIBRATION_TURNS);
  return Math.round((CALIBRATION_TURNS / (performance.now() - start)) * ms);
}

function look(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

const turns = turnsOf(PAGE_MS);
const work = process.env.BENCH_FLOOR === 'clock' ? () => look(PAGE_MS) : () => loop(turns);
const body = Buffer.from(await handWrittenAnswer(await benchStore(), '/graphql'));

listen((request, response) => {
  request.resume().on('end', () => {
    work();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
