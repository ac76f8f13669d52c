import { AsyncLocalStorage } from 'node:async_hooks';
import type { BucketDecision, BucketRequest } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** How long the store is not called after it failed, in milliseconds. */
const BACKOFF_MS = 5_000;

/** A request that waits for its decision. */
interface PendingRequest {
  readonly request: BucketRequest;
  readonly now: number;
  /** Runs a function in the async context of the HTTP request. */
  readonly runInContext: <T>(work: () => T) => T;
  answer(decision: BucketDecision): void;
}

/** Runs a function outside of any HTTP request: a queue can outlive the request that started it. */
const runOutsideRequests = AsyncLocalStorage.snapshot();

/**
 * Returns a function that consumes from buckets that several processes share through the store. Each bucket has at most one
 * store call in flight. Requests that arrive meanwhile are combined into the next call, and get the same decisions as if they
 * had been made one after the other. A request that exceeds the last known state is refused without a store call, because
 * other processes can only have consumed more since. While the store is unavailable, this process counts locally, starting
 * from the last known state.
 *
 * @param local last known states of the buckets.
 * @param report called with the error if the store fails.
 */
export function sharedBuckets(
  store: RateStore,
  local: MemoryBuckets,
  report: (error: unknown) => void,
): (name: string, request: BucketRequest, now: number) => Promise<BucketDecision> {
  let retryAt = Number.NEGATIVE_INFINITY;
  const queues = new Map<string, PendingRequest[]>();
  const fits = (name: string, request: BucketRequest) => local.peek(name, request).granted;

  async function drain(name: string, queue: PendingRequest[]): Promise<void> {
    queues.set(name, queue);
    while (queue.length > 0) {
      const batch = nextBatch(name, queue);
      queue.splice(0, batch.all.length);
      await consumeBatch(name, batch);
    }
    queues.delete(name);
  }

  /** Returns the requests at the head of the queue that one store call can decide. */
  function nextBatch(name: string, queue: readonly PendingRequest[]): Batch {
    const [{ request: first }] = queue as [PendingRequest];
    const all: PendingRequest[] = [];
    const refused = new Set<PendingRequest>();
    let combined: BucketRequest | null = null;
    for (const pending of queue) {
      const { request } = pending;
      if (request.capacity !== first.capacity || request.fillMs !== first.fillMs) break;
      // The store itself must refuse the request of a starving client, because the store then sets the reserve.
      if (request.isStarving && all.length > 0) break;
      const next: BucketRequest = combine(combined, request);
      if (fits(name, next) || request.isStarving) combined = next;
      // It would not fit on its own either, after the requests before it.
      else if (!fits(name, { ...next, isWithinShare: request.isWithinShare })) refused.add(pending);
      else break;
      all.push(pending);
      if (request.isStarving) break;
    }
    return { all, refused, combined };
  }

  async function consumeBatch(name: string, { all, refused, combined }: Batch): Promise<void> {
    const caller = all.find((pending) => !refused.has(pending));
    if (combined === null || caller === undefined || caller.now < retryAt) return consumeLocally(name, all);
    const start = performance.now();
    try {
      const { granted, state } = await caller.runInContext(() => store.consume(name, combined));
      local.set(name, state, combined);
      if (!granted && all.length > 1) {
        for (const pending of all) await consumeBatch(name, nextBatch(name, [pending]));
        return;
      }
      let { used } = state;
      for (const pending of all.toReversed()) {
        const isRefused = refused.has(pending);
        pending.answer({ granted: granted && !isRefused, state: { ...state, used } });
        if (!isRefused) used -= pending.request.cost;
      }
    } catch (error) {
      caller.runInContext(() => report(error));
      retryAt = caller.now + Math.floor(performance.now() - start) + BACKOFF_MS;
      consumeLocally(name, all);
    }
  }

  function consumeLocally(name: string, all: readonly PendingRequest[]): void {
    for (const { request, answer } of all) answer(local.consume(name, request));
  }

  return (name, request, now) => {
    const { promise, resolve: answer } = Promise.withResolvers<BucketDecision>();
    const pending = { request, now, answer, runInContext: AsyncLocalStorage.snapshot() };
    const queue = queues.get(name);
    if (queue === undefined) void runOutsideRequests(drain, name, [pending]);
    else queue.push(pending);
    return promise;
  };
}

/** Consecutive requests that are decided together. */
interface Batch {
  readonly all: readonly PendingRequest[];
  /** Requests that are refused because they exceed the last known state, after the requests before them. */
  readonly refused: ReadonlySet<PendingRequest>;
  /** All other requests combined; null if there are none. It may use the reserve only if each of them may. */
  readonly combined: BucketRequest | null;
}

function combine(before: BucketRequest | null, request: BucketRequest): BucketRequest {
  if (before === null) return request;
  return {
    ...request,
    cost: before.cost + request.cost,
    now: Math.max(before.now, request.now),
    isWithinShare: before.isWithinShare && request.isWithinShare,
  };
}
