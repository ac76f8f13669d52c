import { setTimeout } from 'node:timers/promises';
import type { ClientSession } from 'mongodb';
import { clientDisconnected, readBudget } from '../read-budget.ts';
import { type Connection, MAX_TOGETHER, type Reservation } from './connection.ts';

/** Extra time to wait for the response of a read beyond its time limit on the server, in milliseconds. */
export const NETWORK_MS = 1_000;

/** How many times as long as an aborted search took it keeps its permits after its end: for each aborted search that keeps some, and at most. */
const REST_AFTER_ABORT = { each: 2, most: 8 } as const;

export interface SearchOptions {
  /** Aborts when the client has disconnected or its request has been answered. */
  readonly signal?: AbortSignal | undefined;
  /** Takes up to so many further permits, and returns a function for each, which releases it. */
  spare?(most: number): (() => void)[];
  /** The aborted searches of the organization that keep permits. `add` returns how many they are, with the new one. */
  readonly aborted?: { add(): number; remove(): void };
}

export interface Search<T> {
  /** Rejects with CLIENT_CLOSED_REQUEST as soon as the signal aborts. */
  readonly result: Promise<T>;
  /**
   * Resolves when the server runs none of the search's commands any more: each has been answered, or its time limit is over. If
   * the search was aborted, it resolves later: by twice the time that it took for each aborted search of its organization that
   * keeps permits, up to eight times. So an organization that aborts one search waits little, and one that aborts many keeps
   * few permits busy.
   */
  readonly ended: Promise<void>;
}

/**
 * Starts a search or a count. It sends one command at a time, and more only with further permits, in one session and within one time
 * budget. If the signal aborts,
 * no further command is sent, and the server is asked to kill the session. Some servers (DocumentDB, SecantusDB) accept that
 * request but run the command to its end, also if its connection is closed. So only a response proves that a command has ended.
 *
 * @param readMs how long the server may work on all commands together.
 */
export function startSearch<T>(
  connection: Connection,
  readMs: number,
  work: (on: Connection) => Promise<T>,
  { signal, spare = () => [], aborted }: SearchOptions = {},
): Search<T> {
  const time = readBudget(readMs + NETWORK_MS);
  // Causal consistency would add a read concern, which some servers do not support.
  const session = connection.client.startSession({ causalConsistency: false });
  const budget = () => {
    if (signal?.aborted) throw clientDisconnected();
    return { maxTimeMS: Math.max(1, time.msLeft() - NETWORK_MS), signal: time.signal, session };
  };
  const { promise: disconnected, reject } = Promise.withResolvers<never>();
  let killed: Promise<void> | undefined;
  let rest = 0;
  const start = performance.now();
  const abort = () => {
    reject(clientDisconnected());
    rest = Math.min(REST_AFTER_ABORT.each * (aborted?.add() ?? 1), REST_AFTER_ABORT.most);
    killed = kill(connection, session);
  };
  const held: (() => void)[] = [];
  const reserve = (most: number): Reservation => {
    const releases = spare(Math.min(most, MAX_TOGETHER) - 1);
    return {
      count: 1 + releases.length,
      [Symbol.dispose]() {
        // The permits of an aborted search are held as long as its first one.
        if (killed !== undefined) held.push(...releases);
        else for (const release of releases) release();
      },
    };
  };
  const commands = (async () => work({ ...connection, budget, reserve }))();
  signal?.addEventListener('abort', abort, { once: true });
  const end = async () => {
    time[Symbol.dispose]();
    signal?.removeEventListener('abort', abort);
    // The driver reuses the session, so a late kill would end another command.
    await killed;
    await session.endSession();
    if (killed !== undefined) {
      await setTimeout(rest * (performance.now() - start), undefined, { ref: false });
      aborted?.remove();
    }
    for (const release of held) release();
  };
  return { result: Promise.race([commands, disconnected]), ended: commands.then(end, end) };
}

/** Asks the server to end all commands of a session. A user may do this with sessions of their own. */
async function kill({ db }: Connection, { id }: ClientSession): Promise<void> {
  await db.command({ killSessions: [id] }).catch(() => undefined);
}
