import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import type { RequestLogPayload } from '../log/request-log.ts';

/** What resolvers work with; made anew for each request. */
export interface Context {
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  /** Signs cursors. */
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  /** Payloads by log id: all that one operation selects, by one query. */
  readonly payloads: DataLoader<string, RequestLogPayload | null>;
}

export function createContext(viewer: Viewer, logs: ViewerLogs, cursorSecret: Buffer, now: number): Context {
  return { viewer, logs, cursorSecret, now, payloads: new DataLoader((ids) => logs.payloads(ids)) };
}
