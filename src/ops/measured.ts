import { RelaylogError } from '../log/errors.ts';
import { callUnderWay } from './call.ts';
import type { Metrics } from './metrics.ts';

/** The same object, with each call of a method measured: in the metrics, and on the request that it is made for. */
export function measured<T extends object>(target: T, metrics: Pick<Metrics, 'storeCall'>): T {
  const methods = new WeakMap<object, unknown>();
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const known = methods.get(member);
      if (known !== undefined) return known;
      const method = async (...args: unknown[]) => {
        const start = performance.now();
        let code: string | null = null;
        try {
          return await member.apply(target, args);
        } catch (error) {
          code = error instanceof RelaylogError ? error.code : 'INTERNAL_SERVER_ERROR';
          throw error;
        } finally {
          const ms = performance.now() - start;
          metrics.storeCall(String(name), ms / 1000, code);
          const call = callUnderWay();
          if (call !== undefined) {
            call.storeCalls += 1;
            call.storeMs += ms;
            call.trace?.storeCall(String(name), ms, code);
          }
        }
      };
      methods.set(member, method);
      return method;
    },
  });
}
