import type { RequestLog } from '../log/request-log.ts';

/** What is counted of a set of logs for billing. Sums of disjoint sets can be added. */
export interface UsageSums {
  /** Number of logs. */
  readonly requests: number;
  readonly billedUnits: number;
  /** Logs with status code 400 or above. */
  readonly errors: number;
  /** Logs that have a duration. */
  readonly durations: number;
  /** Sum of these durations, in milliseconds. */
  readonly durationMs: number;
}

/** The logs of one day of an organization with one endpoint type and one API key; null stands for logs without the value. */
export interface UsageKey {
  /** Days since 1970-01-01, in UTC. */
  readonly day: number;
  readonly endpointType: string | null;
  readonly apiKeyId: string | null;
}

/** Usage by day, endpoint type and API key, as the ledger holds it. */
export type UsageEntry = UsageKey & UsageSums;

/** `day`: a row for each day and endpoint type. `endpointType`, `apiKeyId`: a row for each value. */
export type UsageGrouping = 'day' | 'endpointType' | 'apiKeyId';

/** A question about the usage of one organization. */
export interface UsageQuestion {
  /** The first day, in days since 1970-01-01 UTC. */
  readonly fromDay: number;
  /** The day after the last one. */
  readonly endDay: number;
  readonly by: UsageGrouping;
  /** Only logs of this endpoint type. Undefined: all logs. */
  readonly endpointType?: string | undefined;
}

/** A row of an answer. What the question does not group by is null. */
export interface UsageRow extends UsageSums {
  readonly day: number | null;
  readonly endpointType: string | null;
  readonly apiKeyId: string | null;
}

/** The fields of a log that usage is made from. */
export const USAGE_FIELDS = [
  'createdAt',
  'statusCode',
  'billedUnits',
  'durationMs',
  'endpointType',
  'apiKeyId',
] as const;

/** The usage of one log. */
export function usageOfLog({
  statusCode,
  billedUnits,
  durationMs,
}: Pick<RequestLog, 'statusCode' | 'billedUnits' | 'durationMs'>): UsageSums {
  return {
    requests: 1,
    billedUnits,
    errors: statusCode >= 400 ? 1 : 0,
    durations: durationMs === null ? 0 : 1,
    durationMs: durationMs ?? 0,
  };
}

/** Adds sums of each different group. Rows keep the order in which their groups were first added. */
class UsageTotals<G extends Pick<UsageRow, keyof UsageKey>> {
  readonly #rows = new Map<string, G & UsageSums>();

  add(group: G, sums: UsageSums): void {
    const key = JSON.stringify([group.day, group.endpointType, group.apiKeyId]);
    const known = this.#rows.get(key) ?? { ...group, ...NO_USAGE };
    this.#rows.set(key, { ...known, ...addUsage(known, sums) });
  }

  rows(): (G & UsageSums)[] {
    return [...this.#rows.values()];
  }
}

const NO_USAGE: UsageSums = { requests: 0, billedUnits: 0, errors: 0, durations: 0, durationMs: 0 };

function addUsage(one: UsageSums, other: UsageSums): UsageSums {
  return {
    requests: one.requests + other.requests,
    billedUnits: one.billedUnits + other.billedUnits,
    errors: one.errors + other.errors,
    durations: one.durations + other.durations,
    durationMs: one.durationMs + other.durationMs,
  };
}

/** Adds entries with the same day, endpoint type and API key. What else they hold is left out. */
export function usageEntries(entries: Iterable<UsageEntry>): UsageEntry[] {
  const totals = new UsageTotals<UsageKey>();
  for (const { day, endpointType, apiKeyId, ...sums } of entries) {
    totals.add({ day, endpointType, apiKeyId }, sums);
  }
  return totals.rows();
}

/** The row of an answer that an entry belongs to; null if the question is not about it. */
export function usageRow(
  { fromDay, endDay, by, endpointType }: UsageQuestion,
  entry: UsageEntry,
): UsageRow | null {
  if (entry.day < fromDay || entry.day >= endDay) return null;
  if (endpointType !== undefined && entry.endpointType !== endpointType) return null;
  return {
    ...entry,
    day: by === 'day' ? entry.day : null,
    endpointType: by === 'apiKeyId' ? null : entry.endpointType,
    apiKeyId: by === 'apiKeyId' ? entry.apiKeyId : null,
  };
}

/**
 * Adds the rows of equal groups. The result is in order: by day, then by endpoint type or API key; null comes last.
 *
 * @param rows usage of disjoint sets of logs.
 */
export function mergedUsage(rows: Iterable<UsageRow>): UsageRow[] {
  const totals = new UsageTotals<Pick<UsageRow, keyof UsageKey>>();
  for (const { day, endpointType, apiKeyId, ...sums } of rows) {
    totals.add({ day, endpointType, apiKeyId }, sums);
  }
  return totals
    .rows()
    .sort(
      (a, b) =>
        (a.day ?? 0) - (b.day ?? 0) ||
        compareNames(a.endpointType, b.endpointType) ||
        compareNames(a.apiKeyId, b.apiKeyId),
    );
}

/** By UTF-16 code units; null is last. */
export function compareNames(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}
