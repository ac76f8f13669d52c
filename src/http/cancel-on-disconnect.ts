import { withMethods } from '../lib/with-methods.ts';
import type { LogStore, ReadOptions } from '../store/store.ts';
import { currentCall } from '../telemetry/call.ts';

/** Wraps a store: cancels searches, counts and statistics when their request has been answered or its client has disconnected. */
export function cancelOnDisconnect<S extends LogStore>(store: S): S {
  const cancelled = (options?: ReadOptions): ReadOptions => {
    const call = currentCall();
    // Made when it is read first: a page of SQLite is read at once, and cannot be cancelled.
    return {
      ...options,
      get signal() {
        return call?.signal;
      },
    };
  };
  const methods: Pick<LogStore, 'find' | 'count' | 'stats' | 'statsWork'> = {
    find: (query, options) => store.find(query, cancelled(options)),
    count: (scope, filter, limit, options) => store.count(scope, filter, limit, cancelled(options)),
    stats: (scope, filter, parts, options) => store.stats(scope, filter, parts, cancelled(options)),
    statsWork: (scope, filter, parts, options) => store.statsWork(scope, filter, parts, cancelled(options)),
  };
  return withMethods(store, (name, own) => Reflect.get(methods, name) ?? own);
}
