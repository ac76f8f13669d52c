import { RelaylogError } from '../log/errors.ts';

/**
 * The error of a store that is temporarily unavailable.
 *
 * @param reason is sent to the client; it must not contain a path or a host.
 * @param cause is written to the server log.
 */
export function unavailable(reason: string, cause?: unknown): RelaylogError {
  const message = `The log store is unavailable: ${reason}.`;
  return new RelaylogError('UNAVAILABLE', message, cause === undefined ? {} : { cause });
}
