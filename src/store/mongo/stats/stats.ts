import type { Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartAnswer } from '../../../stats/answer.ts';
import { PartCollector } from '../../../stats/collector.ts';
import { STATS_LIMITS } from '../../../stats/limits.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import type { StatsWork } from '../../../stats/work.ts';
import { withinTime } from '../../time-window.ts';
import type { Connection } from '../connection.ts';
import { countLogs } from '../logs.ts';
import { collectLogs } from './collect-logs.ts';
import { timeOfParts } from './time-of-parts.ts';

export async function readStats(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): Promise<PartAnswer[]> {
  const collectors = parts.map((part) => new PartCollector(part));
  await collectLogs(on, scope, filter, collectors);
  return collectors.map((collector) => collector.answer((value) => value));
}

/** What `readStats` reads at most: it counts the logs in its range of time, up to the limit of a question. */
export async function statsWork(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): Promise<StatsWork> {
  const time = timeOfParts(scope, filter, parts);
  if (time === null) return { cells: 0, logs: 0 };
  const { count } = await countLogs(on, scope, withinTime(time), STATS_LIMITS.logs + 1);
  return { cells: 0, logs: count };
}
