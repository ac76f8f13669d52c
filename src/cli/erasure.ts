import { SingleBar } from 'cli-progress';
import { Option } from 'commander';
import { RelaylogError } from '../log/errors.ts';
import { type Filter, MATCH_ALL } from '../log/filter.ts';
import type { Erased, EraseOptions } from '../retention/erase.ts';
import type { Erasure } from '../store/erasure.ts';
import type { Store } from '../store/store.ts';
import type { AuditLog } from '../telemetry/audit.ts';

/** The options that every command has that erases logs. */
export interface ErasureOptions {
  readonly confirm?: string;
  readonly vacuum: boolean;
  readonly json: boolean;
}

export const CONFIRM = new Option(
  '--confirm <id>',
  'id of the organization again: deletes without asking, for scripts',
);
export const NO_VACUUM = new Option(
  '--no-vacuum',
  'SQLite: do not rewrite the file; its free pages may still hold deleted values until `relaylog compact`',
);

/** The maximum number of logs that are counted before the deletion. */
const MAX_COUNTED = 1_000_000;

/** Describes the number of logs that will be deleted. */
export async function describedCount(store: Store, { organizationId, match }: Erasure): Promise<string> {
  const filter: Filter = match === null ? MATCH_ALL : { op: 'eq', field: match.field, value: match.value };
  try {
    const { count, exact } = await store.count({ organizationId, visibleFrom: null }, filter, MAX_COUNTED);
    return `${exact ? '' : 'more than '}${count} logs`;
  } catch (error) {
    if (error instanceof RelaylogError && error.code === 'QUERY_TIMEOUT') return 'logs';
    throw error;
  }
}

/**
 * Runs an erasure with a progress line on a terminal. Ctrl-C stops it after the current step. Writes the audit line, also if it
 * stops or fails.
 *
 * @param fields the fields of the audit line. They must not contain the erased value.
 * @throws Error if logs are left.
 */
export async function runErasure(
  audit: AuditLog,
  fields: { readonly organizationId: string; readonly by: string },
  rewrite: boolean,
  erase: (options: EraseOptions) => Promise<Erased>,
): Promise<Erased> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: '{value} logs deleted', stream: process.stderr, clearOnComplete: true })
    : null;
  bar?.start(0, 0);
  let erased: { logs: number; outcome: Erased['outcome'] | 'failed' } = { logs: 0, outcome: 'failed' };
  const onProgress = (logs: number) => {
    erased = { ...erased, logs };
    bar?.update(logs);
  };
  try {
    const result = await erase({ rewrite, signal: stopping.signal, onProgress });
    erased = result;
    return result;
  } finally {
    bar?.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    audit('logs.erased', { ...fields, ...erased });
  }
}

/** Throws if logs may be left. */
export function requireDone({ logs, outcome }: Erased): void {
  if (outcome === 'stopped') {
    throw new Error(`Stopped after ${logs} logs were deleted: run the command again to delete the others`);
  }
  if (outcome === 'arriving') {
    throw new Error(
      `${logs} logs were deleted, but such logs are still being stored: stop sending them, then run the command again`,
    );
  }
}
