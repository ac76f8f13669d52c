import { createHash } from 'node:crypto';
import type { Viewer } from '../access/viewer.ts';

/** Returns the id of a caller: the same for each request with this credential, and different for each other credential. */
export function viewerId({ organizationId, clientId }: Viewer): string {
  return createHash('sha256')
    .update(JSON.stringify([organizationId, clientId]))
    .digest('base64url');
}

/** Whether the text has the form of an id that `viewerId` returns. */
export function isViewerId(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}
