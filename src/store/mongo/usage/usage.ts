import { isDeepStrictEqual } from 'node:util';
import {
  mergedUsage,
  type UsageEntry,
  type UsageQuestion,
  type UsageRow,
  usageEntries,
  usageRow,
} from '../../../usage/usage.ts';
import { unavailable } from '../../unavailable.ts';
import { type Connection, withPrimary } from '../connection.ts';
import { addedUsage } from './deletion.ts';
import { type DeletedLog, entryId, type UsageDocument } from './documents.ts';
import { usageOfLogs } from './logs.ts';

/** For this long and twice the time of a read, deletions of the organization wait after a read that met one, in milliseconds. */
const QUIET_MS = 1_000;
const ATTEMPTS = 5;

/**
 * The usage of existing and of deleted logs. It reads the state of the ledger before and after the existing logs: if both are
 * equal, no log of the question was deleted in between. Otherwise it asks deletions to wait, and reads again.
 */
export async function readUsage(
  connection: Connection,
  organizationId: string,
  question: UsageQuestion,
): Promise<UsageRow[]> {
  const on = withPrimary(connection);
  for (let attempt = 1; ; attempt++) {
    const start = performance.now();
    const before = await ledgerState(on, organizationId, question);
    const existing = await usageOfLogs(on, organizationId, question);
    const after = await ledgerState(on, organizationId, question);
    if (isDeepStrictEqual(before, after)) {
      const deleted = usageIn(organizationId, before).flatMap((entry) => usageRow(question, entry) ?? []);
      return mergedUsage([...deleted, ...existing]);
    }
    if (attempt === ATTEMPTS) throw unavailable('logs are being deleted');
    const quietMs = QUIET_MS + 2 * (performance.now() - start);
    const quietUntil = new Date(Date.now() + quietMs);
    await on.deletions.updateOne({ _id: organizationId }, { $max: { quietUntil } });
  }
}

/** Returns the ledger of an organization. A deletion that was begun counts as done. */
export async function readLedger(connection: Connection, organizationId: string): Promise<UsageEntry[]> {
  const on = withPrimary(connection);
  const all = { fromDay: 0, endDay: Number.MAX_SAFE_INTEGER, by: 'day' } as const;
  const { existing: _, ...state } = await ledgerState(on, organizationId, all);
  return usageEntries(usageIn(organizationId, { ...state, existing: [] }));
}

/** Replaces the ledger of an organization, of which no log may be deleted meanwhile. If it fails midway, call it again. */
export async function replaceLedger(
  { usage, deletions, budget }: Connection,
  organizationId: string,
  entries: readonly UsageEntry[],
): Promise<void> {
  await usage.deleteMany({ organizationId });
  const last = await deletions.findOne({ _id: organizationId }, budget());
  const documents = usageEntries(entries).map((entry) => ({
    ...entry,
    _id: entryId(organizationId, entry),
    organizationId,
    deletion: last?.number ?? 0,
  }));
  if (documents.length > 0) await usage.insertMany(documents);
}

export async function deleteUsageBefore(
  { usage }: Connection,
  organizationId: string,
  endDay: number,
): Promise<void> {
  await usage.deleteMany({ organizationId, day: { $lt: endDay } });
}

/** The state of the ledger for the days of a question. */
interface LedgerState {
  readonly entries: readonly UsageDocument[];
  /** The deletion that was begun last; null if it is done. */
  readonly pending: {
    readonly number: number;
    readonly logs: readonly DeletedLog[];
    readonly entries: readonly UsageDocument[];
  } | null;
  /** The ids of its logs that still exist. */
  readonly existing: readonly string[];
}

async function ledgerState(
  { deletions, logs, usage, budget }: Connection,
  organizationId: string,
  { fromDay, endDay }: UsageQuestion,
): Promise<LedgerState> {
  const isAsked = ({ day }: UsageEntry) => day >= fromDay && day < endDay;
  const last = await deletions.findOne({ _id: organizationId }, budget());
  const pending =
    last === null || last.pending === null
      ? null
      : {
          number: last.number,
          logs: last.pending.logs.filter(isAsked),
          entries: last.pending.entries.filter(isAsked),
        };
  const ids = pending?.logs.map(({ id }) => id) ?? [];
  const existing =
    ids.length === 0
      ? []
      : await logs
          .find({ _id: { $in: ids }, organizationId }, { ...budget(), projection: { _id: 1 } })
          .toArray();
  const entries = await usage
    .find({ organizationId, day: { $gte: fromDay, $lt: endDay } }, { ...budget(), sort: { _id: 1 } })
    .toArray();
  const isRelevant = pending !== null && pending.logs.length + pending.entries.length > 0;
  return {
    entries,
    pending: isRelevant ? pending : null,
    existing: existing.map(({ _id }) => _id).sort(),
  };
}

/** The usage of the logs that are deleted. */
function usageIn(organizationId: string, { entries, pending, existing }: LedgerState): UsageEntry[] {
  if (pending === null) return [...entries];
  const moved = new Set(pending.entries.map(({ _id }) => _id));
  const added = new Set(entries.filter(({ deletion }) => deletion >= pending.number).map(({ _id }) => _id));
  const deleted = pending.logs.filter(({ id }) => !existing.includes(id));
  return [
    ...entries.filter(({ _id }) => !moved.has(_id)),
    ...addedUsage({ logs: deleted, entries: pending.entries }).filter(
      (entry) => !added.has(entryId(organizationId, entry)),
    ),
  ];
}
