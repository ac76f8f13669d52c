import type { RequestLog } from '../../src/log/request-log.ts';
import type { UsageQuestion, UsageRow } from '../../src/usage/usage.ts';

/*
 * The reference implementation of usage: the logs that exist and those that were deleted, in memory, by other code than
 * `src/usage`.
 */

const DAY = 86_400_000;

/** Logs of one organization, and what was counted of those that were deleted. */
export class UsageOracle {
  readonly existing = new Map<string, RequestLog>();
  deleted: RequestLog[] = [];

  /** Returns the number of logs that are new. */
  insert(logs: readonly RequestLog[]): number {
    const before = this.existing.size;
    for (const log of logs) if (!this.existing.has(log.requestId)) this.existing.set(log.requestId, log);
    return this.existing.size - before;
  }

  purge(before: number, limit: number): number {
    const oldest = [...this.existing.values()]
      .filter((log) => log.createdAt < before)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    this.#delete(oldest);
    return oldest.length;
  }

  erase(field: 'apiKeyId' | 'consumerId' | 'requestId', value: string): number {
    const erased = [...this.existing.values()].filter((log) => log[field] === value);
    this.#delete(erased.map((log) => ({ ...log, apiKeyId: null })));
    if (field === 'apiKeyId') {
      this.deleted = this.deleted.map((log) => (log.apiKeyId === value ? { ...log, apiKeyId: null } : log));
    }
    return erased.length;
  }

  /** Forgets the usage of deleted logs before a day. */
  expire(day: number): void {
    this.deleted = this.deleted.filter((log) => log.createdAt >= day * DAY);
  }

  answer({ fromDay, endDay, by, endpointType }: UsageQuestion): UsageRow[] {
    const logs = [...this.existing.values(), ...this.deleted].filter(
      (log) =>
        log.createdAt >= fromDay * DAY &&
        log.createdAt < endDay * DAY &&
        (endpointType === undefined || log.endpointType === endpointType),
    );
    return rowsOf(logs, {
      day: by === 'day',
      endpointType: by !== 'apiKeyId',
      apiKeyId: by === 'apiKeyId',
    });
  }

  ledger(): UsageRow[] {
    return rowsOf(this.deleted, { day: true, endpointType: true, apiKeyId: true });
  }

  #delete(logs: readonly RequestLog[]): void {
    for (const log of logs) this.existing.delete(log.requestId);
    this.deleted.push(...logs);
  }
}

interface Grouped {
  readonly day: boolean;
  readonly endpointType: boolean;
  readonly apiKeyId: boolean;
}

function rowsOf(logs: readonly RequestLog[], grouped: Grouped): UsageRow[] {
  const groupOf = (log: RequestLog) => ({
    day: grouped.day ? Math.floor(log.createdAt / DAY) : null,
    endpointType: grouped.endpointType ? log.endpointType : null,
    apiKeyId: grouped.apiKeyId ? log.apiKeyId : null,
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const groups = Object.values(Object.groupBy(logs, (log) => JSON.stringify(groupOf(log))));
  return groups
    .map((group = []) => {
      const durations = group.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
      return {
        ...groupOf(group[0]!),
        requests: group.length,
        billedUnits: sum(group.map(({ billedUnits }) => billedUnits)),
        errors: group.filter(({ statusCode }) => statusCode >= 400).length,
        durations: durations.length,
        durationMs: sum(durations),
      };
    })
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** Text in whose order rows are: by day, endpoint type and API key; null is last. */
function orderOf({
  day,
  endpointType,
  apiKeyId,
}: Pick<UsageRow, 'day' | 'endpointType' | 'apiKeyId'>): string {
  const text = (value: string | null) => (value === null ? '\uffff' : `${value}\0`);
  return String(day ?? 0).padStart(9, '0') + text(endpointType) + text(apiKeyId);
}
