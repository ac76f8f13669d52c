import type { AuthenticatedCall } from '../http/endpoint.ts';
import { RelaylogError } from '../log/errors.ts';

/** @throws RelaylogError NOT_FOUND */
export async function nothingThere({ url }: Pick<AuthenticatedCall, 'url'>): Promise<never> {
  throw new RelaylogError('NOT_FOUND', `There is nothing at ${url.pathname} for this method.`);
}
