import type { Store } from '../../src/store/store.ts';

/** Wraps a store: reports the name of each called method to `called`, and replaces the methods in `replaced`. */
export function wrapStore(
  store: Store,
  called: (method: string) => void,
  replaced: Partial<Store> = {},
): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(replaced, name) ?? Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        called(String(name));
        return member.apply(target, args);
      };
    },
  });
}
