import { isDeepStrictEqual } from 'node:util';

/**
 * The same object, which remembers its calls and their promises: after `rewind`, a call that was made before is not made
 * again but gives the same promise. So a second execution reads nothing twice, and sees the same data. After `forget` it
 * holds nothing: weak maps of plugins keep a context, and all that it reaches, until the next full collection.
 */
export function replayable<T extends object>(
  target: T,
): { readonly object: T; rewind(): void; forget(): void } {
  const made: { name: PropertyKey; args: readonly unknown[]; result: unknown }[] = [];
  let rewound = false;
  const object = new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const known = rewound
          ? made.find((one) => one.name === name && isDeepStrictEqual(one.args, args))
          : undefined;
        if (known !== undefined) return known.result;
        const result = method.apply(target, args);
        made.push({ name, args, result });
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
      made.length = 0;
    },
  };
}
