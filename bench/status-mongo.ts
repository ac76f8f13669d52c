import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { DAY_MS, HOUR_MS } from '../src/lib/time-units.ts';
import { allOf } from '../src/log/filter.ts';
import type { LogDocument } from '../src/store/mongo/documents.ts';
import { inTurn } from './mongo/in-turn.ts';
import { loadedStore, SCOPE } from './mongo/load.ts';
import { ORGANIZATION } from './stats/logs.ts';

/*
 * Pages in order of the highest status code, in windows of time, on MongoDB. Beside them the plain driver with one find in the order
 * of the index, which skips the logs outside the window.
 *
 *   node bench/status-mongo.ts --url mongodb://HOST/DATABASE [--logs 200000] [--rounds 60]
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    logs: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '60' },
  },
});
if (values.url === undefined) throw new Error('--url is required');
const RANGE = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 9, 11) };
const store = await loadedStore(values.url, Number(values.logs), RANGE);
const client = await MongoClient.connect(values.url);
const logs = client.db().collection<LogDocument>('request_logs');
const LIMIT = 50;

console.log(
  `${values.logs} logs, ${availableParallelism()} cores, ${values.rounds} rounds in turn, median (best) in ms\n`,
);
console.log('| pages of 50 | ms |\n| --- | --- |');
const middle = RANGE.from + 5 * DAY_MS;
const windows = { 'a minute': HOUR_MS / 60, 'an hour': HOUR_MS, 'a day': DAY_MS, '4 days': 4 * DAY_MS };
for (const [name, length] of Object.entries(windows)) {
  const to = middle + length;
  const filter = allOf([
    { op: 'gte', field: 'createdAt', value: middle },
    { op: 'lt', field: 'createdAt', value: to },
  ]);
  const ours = () =>
    store.find({ scope: SCOPE, filter, sort: 'statusCode', direction: 'desc', limit: LIMIT });
  const theirs = () =>
    logs
      .find({ organizationId: ORGANIZATION, createdAt: { $gte: new Date(middle), $lt: new Date(to) } })
      .sort({ statusCode: -1, createdAt: -1, _id: -1 })
      .hint('status')
      .limit(LIMIT)
      .toArray();
  const [page, other] = [await ours(), await theirs()];
  if (JSON.stringify(page.map(({ id }) => id)) !== JSON.stringify(other.map(({ _id }) => _id))) {
    throw new Error('not the same logs');
  }
  await inTurn(
    [
      { name, run: ours },
      { name: `${name}, the plain driver`, run: theirs },
    ],
    Number(values.rounds),
  );
}
await client.close();
await store.close();
