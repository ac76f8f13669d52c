import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Document, MongoClient } from 'mongodb';
import { DAY_MS } from '../src/lib/time-units.ts';
import { bucketMeasures } from '../src/stats/answer.ts';
import { checkedPart } from '../src/stats/question.ts';
import { connectionTo } from '../src/store/mongo/connection.ts';
import { readStats } from '../src/store/mongo/stats/stats.ts';
import { inTurn } from './mongo/in-turn.ts';
import { loadedStore, SCOPE } from './mongo/load.ts';
import { METHODS } from './stats/logs.ts';
import { benchQuestions } from './stats/questions.ts';

/*
 * Statistics from roll-ups on MongoDB, beside the plain driver, which only reads the documents of the same cells by the same finds: a
 * lower bound. The questions are (a) and (b) of `bench/stats.ts`.
 *
 *   node bench/stats-mongo.ts --url mongodb://HOST/DATABASE [--logs 1000000] [--days 10] [--rounds 60]
 *
 * The database is loaded first, unless it has the logs: over ten days, an hour has about as many as in `bench/stats.ts`.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    logs: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '60' },
  },
});
if (values.url === undefined) throw new Error('--url is required');
const from = Date.UTC(2026, 9, 1);
const RANGE = { from, to: from + Number(values.days) * DAY_MS };
const logs = Number(values.logs);
const store = await loadedStore(values.url, logs, RANGE);
const watched = connectionTo(values.url, 60_000, { monitorCommands: true });
const client = await MongoClient.connect(values.url);
const days = client.db().collection(watched.rollUpDays.collectionName);

/** The finds of roll-ups that a read sends. */
async function findsOf(read: () => Promise<unknown>): Promise<readonly Document[]> {
  const finds: Document[] = [];
  const listen = ({ command }: { readonly command: Document }) => {
    if (command.find === days.collectionName) finds.push(command);
  };
  watched.client.on('commandStarted', listen);
  await read();
  watched.client.off('commandStarted', listen);
  return finds;
}

const questions = benchQuestions(RANGE, logs).filter(({ name }) => /^[ab]/.test(name));
const { filter, parts } = questions.find(({ isHeatMap }) => isHeatMap)!;
const part = checkedPart(parts[0]!);
const [answered] = await store.stats(SCOPE, filter, [part]);
const counted = METHODS.flatMap((_, group) => bucketMeasures(answered!, part, group)).reduce(
  (sum, { count }) => sum + count,
  0,
);
if (counted !== logs) throw new Error(`The answer counts ${counted} logs.`);

console.log(
  `${logs} logs, ${availableParallelism()} cores, ${values.rounds} rounds in turn, median (best) in ms\n`,
);
console.log('| | ms |\n| --- | --- |');
for (const { name, filter, parts } of questions) {
  const checked = parts.map(checkedPart);
  const finds = await findsOf(() => readStats(watched, SCOPE, filter, checked));
  const plain = async () => {
    let documents = 0;
    for (const { filter, projection, hint, batchSize } of finds) {
      documents += (await days.find(filter, { projection, hint, batchSize }).toArray()).length;
    }
    return documents;
  };
  console.log(`| **${name}**, ${await plain()} documents | |`);
  const answer = () => store.stats(SCOPE, filter, checked);
  const withWork = async () => {
    await store.statsWork(SCOPE, filter, checked);
    await answer();
  };
  const contenders = [
    { name: 'answer', run: answer },
    { name: 'answer, and what it reads at most', run: withWork },
    { name: 'the documents by the plain driver', run: plain },
  ];
  await inTurn(contenders, Number(values.rounds));
}
await watched.client.close();
await client.close();
await store.close();
