import type { AuthenticatedCall } from '../http/endpoint.ts';
import { RelaylogError } from '../log/errors.ts';

/** Handles paths below a vendor's API that are not documented. @throws RelaylogError NOT_FOUND */
export async function notFound({ url }: Pick<AuthenticatedCall, 'url'>): Promise<never> {
  throw new RelaylogError('NOT_FOUND', `No endpoint with this method exists at ${url.pathname}.`);
}
