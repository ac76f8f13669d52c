import type { Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartAnswer } from '../../../stats/answer.ts';
import { PartCollector } from '../../../stats/collector.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import type { StatsWork } from '../../../stats/work.ts';
import { timeWindow, withinTime } from '../../time-window.ts';
import type { Connection } from '../connection.ts';
import { countLogs } from '../logs.ts';
import { collectLogs } from './collect-logs.ts';

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

export async function statsWork(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): Promise<StatsWork> {
  if (parts.length === 0) return { cells: 0, logs: 0 };
  const { count } = await countLogs(on, scope, withinTime(timeWindow(scope, filter)), null);
  return { cells: 0, logs: count };
}
