import { isDeepStrictEqual } from 'node:util';

interface Recorded {
  readonly name: PropertyKey;
  readonly args: readonly unknown[];
  readonly result: unknown;
  /** The calls of callbacks among the arguments: the index of the callback and its arguments. */
  readonly callbacks: (readonly [index: number, args: readonly unknown[]])[];
}

/**
 * Wraps an object and records its method calls with their results. After `rewind`, a call with the same arguments returns
 * the recorded promise, so a second execution reads nothing twice and sees the same data. Callbacks among the arguments are
 * called again as they were, and must return promises. `forget` releases the records: the plugins' weak maps keep a context,
 * and everything it references, alive until the next full garbage collection.
 */
export function replayable<T extends object>(
  target: T,
): { readonly object: T; rewind(): void; forget(): void } {
  const calls: Recorded[] = [];
  let rewound = false;
  const object = new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const known = rewound
          ? calls.find((call) => call.name === name && isSame(call.args, args))
          : undefined;
        if (known !== undefined) return replayed(known, args);
        const callbacks: Recorded['callbacks'] = [];
        const recording = args.map((arg, index) =>
          typeof arg !== 'function'
            ? arg
            : (...given: unknown[]) => {
                callbacks.push([index, given]);
                return arg(...given);
              },
        );
        const result = method.apply(target, recording);
        calls.push({ name, args, result, callbacks });
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

/** Whether two calls have the same arguments. Callbacks are different objects in each execution, but do the same. */
function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return isDeepStrictEqual(one.map(withoutCode), other.map(withoutCode));
}

function withoutCode(value: unknown): unknown {
  return typeof value === 'function' ? 'callback' : value;
}

function replayed({ result, callbacks }: Recorded, args: readonly unknown[]): unknown {
  if (!args.some((arg) => typeof arg === 'function')) return result;
  return (result as Promise<unknown>).then(async (value) => {
    for (const [index, given] of callbacks) await (args[index] as (...given: unknown[]) => unknown)(...given);
    return value;
  });
}
