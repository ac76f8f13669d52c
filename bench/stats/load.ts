import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { RequestLog } from '../../src/log/request-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { logBatches, ORGANIZATION } from './logs.ts';

/** Batches of 2,000 logs that are passed to the store before the first is stored. */
const PENDING = 10;

/** Stores logs in a new file, without roll-ups. */
export async function loadStore(file: string, ...logs: Parameters<typeof logBatches>): Promise<void> {
  const store = await openStore(`sqlite:${file}`, { ingest: true });
  await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: 0 });
  let pending: Promise<unknown>[] = [];
  for (const batch of logBatches(...logs)) {
    pending.push(store.insert(batch));
    if (pending.length < PENDING) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  await store.close();
}

/** The columns of `writeTable`, as ClickHouse declares them. */
export const COLUMNS = `
  organization LowCardinality(String), time DateTime64(3, 'UTC'), method LowCardinality(String), path String, status UInt16,
  duration Nullable(UInt32), route LowCardinality(String), key LowCardinality(String), endpoint_type LowCardinality(String),
  units UInt32, ip String, service LowCardinality(String), auth_type LowCardinality(String), host LowCardinality(String)`;

/** Writes the same logs as tab-separated values. */
export async function writeTable(file: string, ...logs: Parameters<typeof logBatches>): Promise<void> {
  const out = createWriteStream(file);
  for (const batch of logBatches(...logs)) {
    if (!out.write(batch.map(({ log }) => `${row(log).join('\t')}\n`).join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function row(log: RequestLog): (string | number)[] {
  return [
    log.organizationId,
    (log.createdAt / 1_000).toFixed(3),
    log.method,
    log.path,
    log.statusCode,
    log.durationMs ?? '\\N',
    log.routePattern!,
    log.apiKeyId!,
    log.endpointType!,
    log.billedUnits,
    log.ipAddress!,
    log.service!,
    log.authType!,
    log.host!,
  ];
}
