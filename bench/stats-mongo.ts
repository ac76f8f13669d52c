import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { DAY_MS } from '../src/lib/time-units.ts';
import { type Filter, MATCH_ALL } from '../src/log/filter.ts';
import { bucketMeasures } from '../src/stats/answer.ts';
import { type CheckedPart, checkedPart } from '../src/stats/question.ts';
import { inTurn } from './mongo/in-turn.ts';
import { loadedStore, RANGE, SCOPE } from './mongo/load.ts';
import { METHODS, ORGANIZATION } from './stats/logs.ts';
import { benchQuestions } from './stats/questions.ts';

/*
 * Statistics from roll-ups on MongoDB, beside the plain driver, which only reads the documents of the same cells, with one find for
 * each part of the question: a lower bound.
 *
 *   node bench/stats-mongo.ts --url mongodb://HOST/DATABASE [--logs 200000] [--rounds 60]
 *
 * The database is loaded first, unless it has the logs.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    logs: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '60' },
  },
});
if (values.url === undefined) throw new Error('--url is required');
const logs = Number(values.logs);
const store = await loadedStore(values.url, logs);
const client = await MongoClient.connect(values.url);
const days = client.db().collection('roll_up_days');
/** The last day with logs. */
const last = RANGE.to / DAY_MS - 1;

/** The roll-ups of the facets: a status class is read from those of status codes. */
const FACET_CODES = [1, 3, 2, 2, 4, 5, 6, 7];

/** Documents of roll-ups, with the cells of hours or those of days, of the last days. */
async function documents(codes: readonly number[], column: 'hours' | 'total', count: number) {
  const found = [];
  for (const rollUp of codes) {
    const filter = { organizationId: ORGANIZATION, rollUp, day: { $gt: last - count, $lte: last } };
    const projection = { _id: 0, day: 1, key: 1, [column]: 1 };
    found.push(...(await days.find(filter, { hint: 'group', projection, batchSize: 10_000 }).toArray()));
  }
  return found;
}

/** @param codes the roll-ups that the parts are answered from. */
async function compare(
  name: string,
  filter: Filter,
  parts: readonly CheckedPart[],
  codes: readonly number[],
  column: 'hours' | 'total',
  count: number,
): Promise<void> {
  const found = await documents(codes, column, count);
  console.log(`| ${name}, ${found.length} documents | |`);
  const answer = () => store.stats(SCOPE, filter, parts);
  const withWork = async () => {
    await store.statsWork(SCOPE, filter, parts);
    await answer();
  };
  const contenders = [
    { name: 'answer', run: answer },
    { name: 'answer, and what it reads at most', run: withWork },
    { name: 'the documents by the plain driver', run: () => documents(codes, column, count) },
  ];
  await inTurn(contenders, Number(values.rounds));
}

const byHour = checkedPart({
  groups: { by: ['METHOD'], keys: METHODS.map((method) => [method]) },
  buckets: { interval: 'HOUR', timeZone: 'UTC', ...RANGE },
});
const [answered] = await store.stats(SCOPE, MATCH_ALL, [byHour]);
const counted = METHODS.flatMap((_, group) => bucketMeasures(answered!, byHour, group)).reduce(
  (sum, { count }) => sum + count,
  0,
);
if (counted !== logs) throw new Error(`The answer counts ${counted} logs.`);

console.log(
  `${logs} logs, ${availableParallelism()} cores, ${values.rounds} rounds in turn, median (best) in ms\n`,
);
console.log('| | ms |\n| --- | --- |');
await compare('method by hour over 10 days', MATCH_ALL, [byHour], [1], 'hours', 10);
const facets = benchQuestions(RANGE, logs).find(({ name }) => name.includes('facets'))!;
await compare('8 facets of 7 days', facets.filter, facets.parts.map(checkedPart), FACET_CODES, 'total', 7);
await client.close();
await store.close();
