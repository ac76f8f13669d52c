import { withMethods } from '../lib/with-methods.ts';
import { RelaylogError } from '../log/errors.ts';
import { currentCall } from './call.ts';
import type { Metrics } from './metrics.ts';

/**
 * Wraps an object and measures each method call: in the metrics, and on the current request.
 *
 * @param system database system of the store, for traces (`db.system.name`).
 */
export function measured<T extends object>(
  target: T,
  system: string,
  metrics: Pick<Metrics, 'storeCall'>,
): T {
  return withMethods(target, (name, method) => async (...args) => {
    const start = performance.now();
    let code: string | null = null;
    try {
      return await method(...args);
    } catch (error) {
      code = error instanceof RelaylogError ? error.code : 'INTERNAL_SERVER_ERROR';
      throw error;
    } finally {
      const ms = performance.now() - start;
      metrics.storeCall({ call: name, seconds: ms / 1000, code });
      const call = currentCall();
      if (call !== undefined) {
        call.storeCalls += 1;
        call.storeMs += ms;
        call.trace?.storeCall({ system, call: name, ms, code });
      }
    }
  });
}
