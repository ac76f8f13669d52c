import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
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
  /** What the operator allows; `viewer.limits` shows it. */
  readonly limits: Limits;
  /** Payloads by log id: all that one operation selects, by one query. */
  readonly payloads: DataLoader<string, RequestLogPayload | null>;
}

/** What one call brings along. */
export type GraphQLCall = Pick<Context, 'viewer' | 'logs' | 'cursorSecret' | 'now'>;

export function createContext({ viewer, logs, cursorSecret, now }: GraphQLCall, limits: Limits): Context {
  return { viewer, logs, cursorSecret, now, limits, payloads: new DataLoader((ids) => logs.payloads(ids)) };
}
