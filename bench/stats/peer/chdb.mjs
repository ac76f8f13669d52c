import { createInterface } from 'node:readline';
import { Session } from 'chdb';

/*
 * Answers questions in its own process: each line of input is JSON with a statement, and with a format if its result is wanted. Each
 * line of output has the milliseconds that it took, and the result as text.
 */
const session = new Session(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const { statement, format } = JSON.parse(line);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const text = session.query(statement, format ?? 'Native');
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1_000, text: format === null ? '' : text }));
}
session.close();
