import { readFileSync } from 'node:fs';
import { ALLOWED, type Recorded } from './allowed.ts';

/*
 * Compares two records of record.ts line by line; ends with 1 unless each difference is among ALLOWED.
 *
 *   node test/replay/compare.ts BEFORE.ndjson AFTER.ndjson
 */
const [before, after] = process.argv.slice(2).map((file) => readFileSync(file!, 'utf8').trim().split('\n'));
if (before === undefined || after === undefined || before.length !== after.length) {
  throw new Error('Name two records of as many lines');
}
const allowed = new Map<string, number>();
const others: string[] = [];
for (const [i, line] of before.entries()) {
  if (line === after[i]) continue;
  const [one, other]: Recorded[] = [JSON.parse(line), JSON.parse(after[i]!)];
  const reason = i === 0 ? undefined : ALLOWED.find(({ matches }) => matches(one!, other!))?.reason;
  if (reason === undefined) others.push(`${i} ${i === 0 ? 'import' : difference(one!, other!)}`);
  else allowed.set(reason, (allowed.get(reason) ?? 0) + 1);
}
for (const [reason, count] of allowed) console.log(`${count} allowed: ${reason}`);
for (const other of others.slice(0, 20)) console.log(other);
console.log(`${before.length} answers, ${others.length} differ otherwise`);
process.exitCode = others.length === 0 ? 0 : 1;

function difference(one: Recorded, other: Recorded): string {
  const { method, path } = one.request;
  const [a, b] = [one, other].map((recorded) => JSON.stringify(recorded));
  let at = 0;
  while (a![at] === b![at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 80), at + 120);
  return `${method} ${path.slice(0, 80)} ${one.answer.status} ${other.answer.status}\n  - ${around(a!)}\n  + ${around(b!)}`;
}
