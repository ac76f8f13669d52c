import { DAY_MS } from '../../lib/time-units.ts';
import { allOf, type Filter } from '../../log/filter.ts';
import type { LogScope } from '../../log/query.ts';
import { bucketMeasures, groupAnswers, type PartAnswer } from '../../stats/answer.ts';
import type { Measures } from '../../stats/measures.ts';
import type { CheckedPart, RankedGroups } from '../../stats/question.ts';
import {
  mergedUsage,
  type UsageQuestion,
  type UsageRow,
  type UsageSums,
  usageRow,
} from '../../usage/usage.ts';
import { answerStats, timesOfLogs } from './stats/answer.ts';
import type { StatsSource } from './stats/source.ts';
import { readLedger } from './usage-ledger.ts';

/** The maximum number of days of one question to the statistics: its answer has a row for each day of each endpoint type. */
const DAYS = 100;

/** The usage of existing logs and of the ledger. Call it in a snapshot, so that a log that is being deleted counts once. */
export function usageOf(source: StatsSource, scope: LogScope, question: UsageQuestion): UsageRow[] {
  const { db, names } = source;
  const deleted = readLedger(db, names, scope.organizationId, question).flatMap(
    (entry) => usageRow(question, entry) ?? [],
  );
  return mergedUsage([...deleted, ...usageOfLogs(source, scope, question)]);
}

/** The usage of existing logs, as the statistics count them. */
function usageOfLogs(source: StatsSource, scope: LogScope, question: UsageQuestion): UsageRow[] {
  const times = timesOfLogs(source.db, source.names.numberOf(scope.organizationId));
  if (times === null) return [];
  const { by, endpointType } = question;
  const fromDay = Math.max(question.fromDay, Math.floor(times.from / DAY_MS));
  const endDay = Math.min(question.endDay, Math.ceil(times.to / DAY_MS));
  if (fromDay >= endDay) return [];
  const ask = (from: number, to: number, part: CheckedPart): PartAnswer => {
    const filters: Filter[] = [
      { op: 'gte', field: 'createdAt', value: from * DAY_MS },
      { op: 'lt', field: 'createdAt', value: to * DAY_MS },
    ];
    if (endpointType !== undefined) filters.push({ op: 'eq', field: 'endpointType', value: endpointType });
    return answerStats(source, scope, allOf(filters), [part])[0]!;
  };
  const groups: RankedGroups = {
    by: [by === 'apiKeyId' ? 'API_KEY_ID' : 'ENDPOINT_TYPE'],
    top: Number.POSITIVE_INFINITY,
    order: { measure: 'KEY', direction: 'asc' },
    search: null,
  };
  const all: CheckedPart = { groups, buckets: null };
  const found = groupAnswers(ask(fromDay, endDay, all), all).map(({ key, measures }) => ({
    value: key[0]!.value,
    measures,
  }));
  if (by !== 'day') {
    return found.map(({ value, measures }) => ({
      day: null,
      endpointType: by === 'endpointType' ? value : null,
      apiKeyId: by === 'apiKeyId' ? value : null,
      ...sumsOf(measures),
    }));
  }
  const types = found.map(({ value }) => value);
  const rows: UsageRow[] = [];
  for (let from = fromDay; from < endDay; from += DAYS) {
    const part = daysPart(types, from, Math.min(from + DAYS, endDay));
    const answer = ask(from, Math.min(from + DAYS, endDay), part);
    types.forEach((type, group) => {
      bucketMeasures(answer, part, group).forEach((measures, i) => {
        if (measures.count === 0) return;
        rows.push({ day: from + i, endpointType: type, apiKeyId: null, ...sumsOf(measures) });
      });
    });
  }
  return rows;
}

/** Each of the days, for each endpoint type. */
function daysPart(types: readonly (string | null)[], from: number, to: number): CheckedPart {
  const ranges = Array.from({ length: to - from }, (_, i) => ({
    from: (from + i) * DAY_MS,
    to: (from + i + 1) * DAY_MS,
  }));
  return {
    groups: { by: ['ENDPOINT_TYPE'], keys: types.map((type) => [type]) },
    buckets: { interval: 'DAY', timeZone: 'UTC', from: from * DAY_MS, to: to * DAY_MS, ranges },
  };
}

function sumsOf(measures: Measures): UsageSums {
  const { count, billedUnits, clientErrorCount, serverErrorCount, durations } = measures;
  return {
    requests: count,
    billedUnits,
    errors: clientErrorCount + serverErrorCount,
    durations: durations.count,
    durationMs: durations.sum,
  };
}
