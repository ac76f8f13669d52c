type Method = (...args: unknown[]) => unknown;

/**
 * The same object with other methods: `replace` gives the one in place of a method, or the method itself. Each may be
 * called without the object. Made once, where a Proxy would look each of them up for every call.
 */
export function withMethods<T extends object>(
  target: T,
  replace: (name: string, method: Method) => Method,
): T {
  const result = {};
  for (const name of memberNames(target)) {
    const now: unknown = Reflect.get(target, name);
    const method: Method = (...args) => (Reflect.get(target, name) as Method).apply(target, args);
    const member =
      typeof now === 'function' ? { value: replace(name, method) } : { get: () => Reflect.get(target, name) };
    Object.defineProperty(result, name, { ...member, enumerable: true });
  }
  return result as T;
}

/** Names of all that an object has, its prototypes' included. */
function memberNames(target: object): Set<string> {
  const names = new Set<string>();
  for (let holder = target; holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) if (name !== 'constructor') names.add(name);
  }
  return names;
}
