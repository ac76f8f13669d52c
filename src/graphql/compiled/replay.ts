import { isDeepStrictEqual } from 'node:util';

/**
 * Wraps an object and records its method calls with their results. After `rewind`, a call with the same arguments returns
 * the recorded promise, so a second execution reads nothing twice and sees the same data. `forget` releases the records:
 * the plugins' weak maps keep a context, and everything it references, alive until the next full garbage collection.
 */
export function replayable<T extends object>(
  target: T,
): { readonly object: T; rewind(): void; forget(): void } {
  const calls: { name: PropertyKey; args: readonly unknown[]; result: unknown }[] = [];
  let rewound = false;
  const object = new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const known = rewound
          ? calls.find((call) => call.name === name && isDeepStrictEqual(call.args, args))
          : undefined;
        if (known !== undefined) return known.result;
        const result = method.apply(target, args);
        calls.push({ name, args, result });
        return result;
      };
    },
  });
  return {
    object,
    rewind() {
      rewound = true;
    },
    forget() {
      calls.length = 0;
    },
  };
}
