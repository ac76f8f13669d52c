import { RequestCache } from '@pothos/plugin-scope-auth';
import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import type { Charge } from '../limits/charge.ts';
import type { RequestLogPayload } from '../log/request-log.ts';
import type { Limits } from './limits.ts';

/** What resolvers work with; made anew for each request. */
export interface Context {
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  /** Signs cursors. */
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  /** What the request pays. */
  readonly charge: Charge;
  /** What the operator allows; `viewer.limits` shows it. */
  readonly limits: Limits;
  /** Payloads by log id: all that one operation selects, by one query. */
  readonly payloads: DataLoader<string, RequestLogPayload | null>;
}

/** What one call brings along. */
export type GraphQLCall = Pick<Context, 'viewer' | 'logs' | 'cursorSecret' | 'now' | 'charge'>;

export function createContext(call: GraphQLCall, limits: Limits): Context {
  const { viewer, logs, cursorSecret, now, charge } = call;
  const payloads = new DataLoader<string, RequestLogPayload | null>((ids) => logs.payloads(ids));
  return { viewer, logs, cursorSecret, now, charge, limits, payloads };
}

/**
 * For when all was resolved. The plugin of scopes keeps what it found in a weak map of contexts, and that holds the context:
 * V8's young collections take a weak map's values for reachable, so all of it would stay until the next full one.
 */
export function forgetContext(context: Context): void {
  RequestCache.clearForContext(context);
}
