import { join } from 'node:path';
import { newApiKey } from '../../src/access/api-key.ts';
import { SCOPE_NAMES } from '../../src/access/scopes.ts';
import type { TimeRange } from '../../src/stats/intervals.ts';
import type { Store } from '../../src/store/store.ts';
import { serve } from '../http/served.ts';
import { ORGANIZATION } from './logs.ts';

const QUERY = `query ($from: DateTime!, $to: DateTime!) {
  requestLogStats(filter: { createdAt: { gte: $from, lt: $to } }) {
    groups(by: [METHOD]) {
      nodes {
        key { value }
        buckets(interval: HOUR, from: $from, to: $to) { from measures { count durationMs { p50 p95 p99 } } }
      }
    }
  }
}`;

interface HeatMap {
  readonly data: {
    readonly requestLogStats: {
      readonly groups: {
        readonly nodes: readonly {
          readonly buckets: readonly { readonly measures: { readonly count: number } }[];
        }[];
      };
    };
  };
}

/** Calls a server with the question of hour x method, over HTTP. */
export interface HeatMapServer {
  /** Milliseconds until the whole answer was read, and those of CPU of the server. */
  time(): Promise<{ ms: number; cpuMs: number; bytes: number }>;
  /** Number of logs in the answer. */
  count(): Promise<number>;
  stop(): Promise<void>;
}

export async function serveHeatMap(
  store: Store,
  file: string,
  { from, to }: TimeRange,
): Promise<HeatMapServer> {
  const requested = { organizationId: ORGANIZATION, scopes: SCOPE_NAMES, expiresAt: null };
  const { key, record } = newApiKey(requested, Date.now());
  await store.createKey(record);
  const server = await serve(
    join(import.meta.dirname, '../http/relaylog.ts'),
    { BENCH_STORE: `sqlite:${file}` },
    `${file}.log`,
  );
  const variables = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const body = JSON.stringify({ query: QUERY, variables });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = async () => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.status !== 200 || text.startsWith('{"errors"')) throw new Error(text.slice(0, 500));
    return text;
  };
  return {
    async time() {
      const cpu = server.cpuMs();
      const start = performance.now();
      const { length } = await send();
      return { ms: performance.now() - start, cpuMs: server.cpuMs() - cpu, bytes: length };
    },
    async count() {
      const { data }: HeatMap = JSON.parse(await send());
      const buckets = data.requestLogStats.groups.nodes.flatMap((node) => node.buckets);
      return buckets.reduce((sum, { measures }) => sum + measures.count, 0);
    },
    stop: () => server.stop(),
  };
}
