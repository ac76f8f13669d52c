import { RelaylogError } from '../log/errors.ts';

/**
 * The error of a store that cannot answer now.
 *
 * @param reason goes into the answer: it names no path and no host.
 * @param cause goes into the log.
 */
export function unavailable(reason: string, cause?: unknown): RelaylogError {
  const message = `The log store cannot answer: ${reason}.`;
  return new RelaylogError('UNAVAILABLE', message, cause === undefined ? {} : { cause });
}
