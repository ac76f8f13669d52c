import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartAnswer } from '../../../stats/answer.ts';
import { PartCollector } from '../../../stats/collector.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import type { StatsWork } from '../../../stats/work.ts';
import { decodeCell } from '../../roll-ups/cell.ts';
import { readHourMeasures } from '../../roll-ups/day-cells.ts';
import type { RollUp } from '../../roll-ups/declared.ts';
import { keyGroups } from '../../roll-ups/key-groups.ts';
import { chosenPart, type PartPlan, partPlan } from '../../roll-ups/part-plan.ts';
import { requireReadable } from '../../roll-ups/preparing.ts';
import { mergedRanges } from '../../roll-ups/ranges.ts';
import { timeWindow } from '../../time-window.ts';
import type { Connection } from '../connection.ts';
import { collectLogs } from './collect-logs.ts';
import { logsWithin } from './count-logs.ts';
import { rangeSets } from './range-sets.ts';
import { daySizes, readDayCells } from './roll-up-cells.ts';
import { areCurrent, coverageIn, estimateRollUps, readRollUps, type StoredRollUps } from './roll-up-state.ts';
import { timeOfParts } from './time-of-parts.ts';

/** How often an answer is read before all of it is read from the logs. */
const ATTEMPTS = 3;

/** Answers the parts of a question from roll-ups, and from the logs where these do not hold the answer. */
export async function readStats(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): Promise<PartAnswer[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const planned = await planParts(on, scope, filter, parts, readRollUps);
    if (planned === null) break;
    const collectors = planned.plans.map(({ part }) => new PartCollector(part));
    await addCells(on, scope, planned.plans, collectors);
    await addLogs(on, scope, filter, planned.plans, collectors);
    if (await isCurrent(on, scope, planned)) return answersOf(collectors);
  }
  const collectors = parts.map((part) => new PartCollector(part));
  await collectLogs(on, scope, filter, collectors);
  return answersOf(collectors);
}

function answersOf(collectors: readonly PartCollector[]): PartAnswer[] {
  return collectors.map((collector) => collector.answer((value) => value));
}

/** What `readStats` reads at most. @throws RelaylogError UNAVAILABLE or BAD_USER_INPUT if that is too much. */
export async function statsWork(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): Promise<StatsWork> {
  const planned = await planParts(on, scope, filter, parts, estimateRollUps);
  if (planned === null) {
    const time = timeOfParts(scope, filter, parts);
    const work = { cells: 0, logs: time === null ? 0 : await logsWithin(on, scope, [time], null) };
    requireReadable(work, time?.from ?? 0, Number.POSITIVE_INFINITY);
    return work;
  }
  const { plans, rollUps } = planned;
  let cells = 0;
  for (const { use, time } of plans) {
    if (use !== null) cells += await daySizes(on, scope.organizationId, use, time, rollUps.contents);
  }
  const ranges = mergedRanges(plans.flatMap(({ time }) => time.logs));
  const work = { cells, logs: await logsWithin(on, scope, ranges, rollUps) };
  requireReadable(work, ranges[0]?.from ?? 0, rollUps.state.fromHour * HOUR_MS);
  return work;
}

interface Planned {
  readonly plans: readonly PartPlan[];
  readonly rollUps: StoredRollUps;
  /** The roll-ups that the parts are answered from. */
  readonly used: readonly RollUp[];
  readonly window: TimeRange;
}

/** Null if nothing is rolled up, or no log can match. */
async function planParts(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
  read: typeof readRollUps,
): Promise<Planned | null> {
  const { condition } = timeWindow(scope, filter);
  const window = timeOfParts(scope, filter, parts);
  if (window === null) return null;
  const chosen = parts.map((part) => chosenPart(part, condition, (_field, value) => value));
  const used = chosen.flatMap(({ use }) => (use === null ? [] : [use.rollUp]));
  if (used.length === 0) return null;
  const rollUps = await read(on, scope.organizationId, window, used);
  if (rollUps === null) return null;
  const plans = chosen.map((one) => partPlan(one, rollUps.range, (rollUp) => coverageIn(rollUps, rollUp)));
  return { plans, rollUps, used, window };
}

async function addCells(
  on: Connection,
  { organizationId }: LogScope,
  plans: readonly PartPlan[],
  collectors: readonly PartCollector[],
): Promise<void> {
  for (const [i, plan] of plans.entries()) {
    const { use, time } = plan;
    if (use === null) continue;
    const collector = collectors[i]!;
    const groupOf = keyGroups(plan, use, (_field, value) => value);
    await readDayCells(on, organizationId, use, time.days, 'total', (day, key, total) => {
      const group = groupOf(key);
      if (group !== null) collector.merge(group, day * DAY_MS, decodeCell(total, day * DAY_MS));
    });
    await readDayCells(on, organizationId, use, [...time.hours.keys()], 'hours', (day, key, hours) => {
      const group = groupOf(key);
      if (group === null) return;
      readHourMeasures(hours, day, time.hours.get(day)!, (measures, start) => {
        collector.merge(group, start, measures);
      });
    });
  }
}

/** Parts that read the same logs are counted by the same aggregate. */
async function addLogs(
  on: Connection,
  scope: LogScope,
  filter: Filter,
  plans: readonly PartPlan[],
  collectors: readonly PartCollector[],
): Promise<void> {
  const withLogs = plans.map(({ use, time }, i) => ({ use, logs: time.logs, collector: collectors[i]! }));
  const sets = Map.groupBy(withLogs, ({ use, logs }) => (use === null ? null : JSON.stringify(logs)));
  for (const [key, set] of sets) {
    const { logs } = set[0]!;
    const own = set.map(({ collector }) => collector);
    if (key === null) await collectLogs(on, scope, filter, own);
    else for (const ranges of rangeSets(logs)) await collectLogs(on, scope, filter, own, ranges);
  }
}

/** Whether nothing that was read from cells was changed meanwhile. */
async function isCurrent(
  on: Connection,
  { organizationId }: LogScope,
  { plans, rollUps, used, window }: Planned,
): Promise<boolean> {
  const hours = new Map<number, number>();
  const read = (day: number, mask: number) => hours.set(day, (hours.get(day) ?? 0) | mask);
  for (const { time } of plans) {
    for (const day of time.days) read(day, ~0);
    for (const [day, mask] of time.hours) read(day, mask);
  }
  return hours.size === 0 || areCurrent(on, organizationId, window, used, hours, rollUps);
}
