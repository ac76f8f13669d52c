import { RequestCache } from '@pothos/plugin-scope-auth';
import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import type { Charge } from '../limits/charge.ts';
import type { RequestLogPayload } from '../log/request-log.ts';
import { OperationCost } from './operation-cost.ts';
import type { GraphQLSettings } from './settings.ts';

/** Settings that `viewer` returns. */
export type ShownSettings = Pick<GraphQLSettings, 'limits' | 'traceUrlTemplate'>;

/** The context of resolvers; created for each request. */
export interface Context {
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  /** Signs cursors. */
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  /** The cost that is charged for the request. */
  readonly charge: Charge;
  /** The cost of the operation, as far as it is known. */
  readonly cost: OperationCost;
  readonly settings: ShownSettings;
  /** Loads payloads by log id, in one store query for all logs of an operation. */
  readonly payloads: DataLoader<string, RequestLogPayload | null>;
}

/** The parts of the context that come from the authenticated call. */
export type GraphQLCall = Pick<Context, 'viewer' | 'logs' | 'cursorSecret' | 'now' | 'charge'>;

export function createContext(call: GraphQLCall, settings: ShownSettings): Context {
  const { viewer, logs, cursorSecret, now, charge } = call;
  const payloads = new DataLoader<string, RequestLogPayload | null>((ids) => logs.payloads(ids));
  const cost = new OperationCost(charge, settings.limits.maxCost);
  return { viewer, logs, cursorSecret, now, charge, cost, settings, payloads };
}

/**
 * Releases a context after its operation has been executed. The scope-auth plugin caches results in a weak map by context,
 * and the results reference the context. V8's minor garbage collections treat the values of a weak map as reachable, so
 * without this call everything would stay in memory until the next major collection.
 */
export function forgetContext(context: Context): void {
  RequestCache.clearForContext(context);
}
