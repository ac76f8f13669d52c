import type { LogStore } from '../store/store.ts';
import { callUnderWay } from './call.ts';

/**
 * The same store, whose searches and counts end when the request that they are made for is answered, or its client gone.
 *
 * @param store its methods need no `this`, as those of `audited`.
 */
export function forClient<S extends LogStore>(store: S): S {
  const methods: Pick<LogStore, 'find' | 'count'> = {
    find: (query) => store.find(query, callUnderWay()),
    count: (scope, filter, limit) => store.count(scope, filter, limit, callUnderWay()),
  };
  return new Proxy(store, {
    get: (target, name) => Reflect.get(Object.hasOwn(methods, name) ? methods : target, name),
  });
}
