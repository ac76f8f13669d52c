import type { Document } from 'mongodb';
import { DAY_MS } from '../../../lib/time-units.ts';
import { FIELDS } from '../../../log/fields.ts';
import type { UsageQuestion, UsageRow, UsageSums } from '../../../usage/usage.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
import type { Connection } from '../connection.ts';

type Group = Pick<UsageRow, 'day' | 'endpointType' | 'apiKeyId'>;

/** The usage of existing logs, in no particular order. The server counts them, in the order of the index by time. */
export async function usageOfLogs(
  { logs, budget }: Connection,
  organizationId: string,
  { fromDay, endDay, by, endpointType }: UsageQuestion,
): Promise<UsageRow[]> {
  const from = new Date(fromDay * DAY_MS);
  const to = new Date(Math.min(endDay * DAY_MS, MAX_DATE_MS));
  const match = {
    organizationId,
    createdAt: { $gte: from, $lt: to },
    ...(endpointType === undefined ? {} : { endpointType }),
  };
  const group = {
    day: by === 'day' ? { $dateToString: { date: '$createdAt', format: '%Y-%m-%d' } } : null,
    endpointType: by === 'apiKeyId' ? null : { $ifNull: ['$endpointType', null] },
    apiKeyId: by === 'apiKeyId' ? { $ifNull: ['$apiKeyId', null] } : null,
  };
  const pipeline = [{ $match: match }, { $group: { _id: group, ...SUMS } }];
  const rows = await logs
    .aggregate<UsageSums & { _id: Omit<Group, 'day'> & { readonly day: string | null } }>(pipeline, {
      ...budget(),
      hint: MONGO_INDEXES.newest.name,
    })
    .toArray();
  return rows.map(({ _id: { day, ...key }, ...sums }) => ({
    ...key,
    day: day === null ? null : Date.parse(day) / DAY_MS,
    ...sums,
  }));
}

/** The end of the year 9999: not every server accepts later dates. */
const MAX_DATE_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const hasDuration = { $ne: ['$durationMs', FIELDS.durationMs.nullSortKey] };
const SUMS: Readonly<Record<keyof UsageSums, Document>> = {
  requests: { $sum: 1 },
  billedUnits: { $sum: '$billedUnits' },
  errors: { $sum: { $cond: [{ $gte: ['$statusCode', 400] }, 1, 0] } },
  durations: { $sum: { $cond: [hasDuration, 1, 0] } },
  durationMs: { $sum: { $cond: [hasDuration, '$durationMs', 0] } },
};
