import { withMethods } from '../lib/with-methods.ts';
import type { LogStore } from '../store/store.ts';
import { currentCall } from '../telemetry/call.ts';

/** Wraps a store: cancels searches and counts when their request has been answered or its client has disconnected. */
export function cancelOnDisconnect<S extends LogStore>(store: S): S {
  const methods: Pick<LogStore, 'find' | 'count'> = {
    find: (query) => store.find(query, currentCall()),
    count: (scope, filter, limit) => store.count(scope, filter, limit, currentCall()),
  };
  return withMethods(store, (name, own) => Reflect.get(methods, name) ?? own);
}
