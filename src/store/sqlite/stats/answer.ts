import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { FieldValue, Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartAnswer } from '../../../stats/answer.ts';
import { PartCollector, type StoredValue } from '../../../stats/collector.ts';
import { DIMENSIONS, type DimensionName } from '../../../stats/dimensions.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import type { StatsWork } from '../../../stats/work.ts';
import { decodeCell } from '../../roll-ups/cell.ts';
import type { RollUpUse } from '../../roll-ups/choose.ts';
import { coverageOf } from '../../roll-ups/coverage.ts';
import { readHourMeasures } from '../../roll-ups/day-cells.ts';
import { keyGroups } from '../../roll-ups/key-groups.ts';
import { chosenPart, type PartPlan, partPlan } from '../../roll-ups/part-plan.ts';
import { requireReadable } from '../../roll-ups/preparing.ts';
import { clipped, mergedRanges } from '../../roll-ups/ranges.ts';
import { UNIT_MS } from '../../roll-ups/split-time.ts';
import { readUnit } from '../../roll-ups/unit-cells.ts';
import { type TimeWindow, timeWindow } from '../../time-window.ts';
import type { Database } from '../database.ts';
import { isInterned } from '../schema/columns.ts';
import { timeFromHex } from '../schema/id-bytes.ts';
import type { Names } from '../schema/names.ts';
import { raw, sql } from '../sql/sql.ts';
import { collectLogs } from './collect-logs.ts';
import { logsWithin } from './count-logs.ts';
import { fromHourOf } from './progress.ts';
import { dayCells, daySizes, hoursLeftOut, unitCells, unitSizes } from './roll-up-cells.ts';
import { rollUpState } from './roll-up-state.ts';
import type { StatsSource } from './source.ts';

/** Answers the parts of a question. Call it in a snapshot. */
export function answerStats(
  source: StatsSource,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): PartAnswer[] {
  const window = timeWindow(scope, filter);
  const collectors = planParts(source, scope, window, parts).map((plan) => {
    const collector = new PartCollector(plan.part);
    if (plan.use !== null) addCells(source, scope, { ...plan, use: plan.use }, collector);
    return { collector, logs: plan.time.logs };
  });
  collectLogs(source, scope, filter, collectors);
  const nameOf = (value: StoredValue, dimension: DimensionName) =>
    fieldValue(source.names, DIMENSIONS[dimension].field, value);
  return collectors.map(({ collector }) => collector.answer(nameOf));
}

/**
 * What `answerStats` reads at most. Call it in a snapshot.
 *
 * @throws RelaylogError UNAVAILABLE or BAD_USER_INPUT if that is too much.
 */
export function statsWork(
  source: StatsSource,
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): StatsWork {
  const { db, names } = source;
  const organization = names.numberOf(scope.organizationId);
  const window = timeWindow(scope, filter);
  const plans = planParts(source, scope, window, parts);
  const cells = plans.map(({ use, time }) =>
    use === null ? 0 : daySizes(db, organization, use, time) + unitSizes(db, organization, use, time.units),
  );
  const ranges = mergedRanges(plans.flatMap(({ time }) => time.logs));
  const work = {
    cells: cells.reduce((sum, one) => sum + one, 0),
    logs: logsWithin(db, organization, ranges),
  };
  requireReadable(work, ranges[0]?.from ?? 0, fromHourOf(db, organization) * HOUR_MS);
  return work;
}

function planParts(
  { db, names }: StatsSource,
  scope: LogScope,
  { condition, ...window }: TimeWindow,
  parts: readonly CheckedPart[],
): PartPlan[] {
  const organization = names.numberOf(scope.organizationId);
  const limits = timesOfLogs(db, organization);
  const visible = limits === null || condition.op === 'false' ? [] : clipped([window], limits);
  const [range = null] = visible;
  const stored = (field: string, value: StoredValue) =>
    isInterned(field as 'method') && value !== null ? names.numberOf(String(value)) : value;
  const state = range && rollUpState(db, organization, range);
  return parts.map((part) =>
    partPlan(chosenPart(part, condition, stored), range, (rollUp) =>
      coverageOf(rollUp, state!, hoursLeftOut(db, organization, rollUp, range!)),
    ),
  );
}

/** The days of an organization's logs; null if it has none. */
export function timesOfLogs(db: Database, organization: number): TimeRange | null {
  const end = (order: 'ASC' | 'DESC') =>
    db.get(
      sql`SELECT lower(hex(id)) AS hex FROM request_logs WHERE organization_id = ${organization} ORDER BY id ${raw(order)} LIMIT 1`,
    )?.hex;
  const first = end('ASC');
  const last = end('DESC');
  if (first === undefined || last === undefined) return null;
  return {
    from: Math.floor(timeFromHex(String(first)) / DAY_MS) * DAY_MS,
    to: Math.floor(timeFromHex(String(last)) / DAY_MS + 1) * DAY_MS,
  };
}

function addCells(
  { db, names }: StatsSource,
  scope: LogScope,
  plan: PartPlan & { readonly use: RollUpUse },
  collector: PartCollector,
): void {
  const organization = names.numberOf(scope.organizationId);
  const { use, time } = plan;
  const groupOf = keyGroups(plan, use, (field, value) => fieldValue(names, field, value));
  for (const [day, key, total] of dayCells(db, organization, use, time.days, 'total')) {
    const group = groupOf(key);
    if (group !== null) collector.merge(group, day * DAY_MS, decodeCell(total, day * DAY_MS));
  }
  for (const [day, key, hours] of dayCells(db, organization, use, [...time.hours.keys()], 'hours')) {
    const group = groupOf(key);
    if (group === null) continue;
    readHourMeasures(hours, day, time.hours.get(day)!, (measures, start) => {
      collector.merge(group, start, measures);
    });
  }
  for (const [unit, cells] of unitCells(db, organization, use.rollUp, time.units)) {
    readUnit(cells, (key, cell) => {
      const group = groupOf(key);
      if (group !== null) collector.merge(group, unit * UNIT_MS, decodeCell(cell, unit * UNIT_MS));
    });
  }
}

function fieldValue(names: Names, field: string, value: StoredValue): FieldValue {
  return typeof value === 'number' && isInterned(field as 'method') ? names.nameOf(value) : value;
}
