import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
import type { RollUpCheck, RollUpCheckPosition, RollUpStatus } from '../../roll-ups/check.ts';
import { Comparison } from '../../roll-ups/comparison.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import { cellsOfHours, currentLogs, LOGS_AT_ONCE } from './cells-of-logs.ts';
import { organizationsWithoutRollUps } from './rebuild.ts';
import { readMarks } from './roll-up-state.ts';

export async function rollUpStatus(on: Connection): Promise<RollUpStatus> {
  const progress = await on.rollUpProgress.find({}).toArray();
  const fromHours = new Map(progress.map(({ _id, fromHour }) => [_id, fromHour]));
  const unfinished = new Set(progress.filter(({ fromHour }) => fromHour > 0).map(({ _id }) => _id));
  let changedHours = 0;
  for await (const { organizationId, hour } of on.rollUpMarks.find({})) {
    const fromHour = fromHours.get(organizationId);
    if (fromHour === undefined) unfinished.add(organizationId);
    else if (hour >= fromHour) changedHours++;
  }
  for (const organizationId of await organizationsWithoutRollUps(on)) {
    if (await hasLogs(on, organizationId)) unfinished.add(organizationId);
  }
  return { changedHours, unfinishedOrganizations: unfinished.size };
}

async function hasLogs(on: Connection, organizationId: string): Promise<boolean> {
  const options = { projection: { _id: 1 }, hint: MONGO_INDEXES.newest.name } as const;
  return (await currentLogs(on).findOne({ organizationId }, options)) !== null;
}

/** Compares one day of one organization. */
export async function checkRollUps(on: Connection, after: RollUpCheckPosition | null): Promise<RollUpCheck> {
  const found = await nextDay(on, after);
  if (found === null) return { hours: 0, differences: [], next: null };
  const { organizationId, day, fromHour } = found;
  const range = { from: day * DAY_MS, to: (day + 1) * DAY_MS };
  const isChanged = async () => new Set((await readMarks(on, organizationId, range)).map(({ hour }) => hour));
  const before = await isChanged();
  const stored = await Promise.all(
    ROLL_UPS.map(async ({ code }) => {
      const ofDay = { organizationId, rollUp: code, day };
      const documents = await on.rollUpDays.find(ofDay, { hint: 'group' }).toArray();
      const contents = await on.rollUpContents.findOne(ofDay, { hint: 'day' });
      const groups = new Map(
        documents.map(({ key, total, hours }) => [key, { total: total.buffer, hours: hours.buffer }]),
      );
      return { day, groups, hoursLeftOut: contents?.hoursLeftOut ?? 0 };
    }),
  );
  const expected = new Map<number, readonly ReadonlyMap<string, Uint8Array>[]>();
  const end = (day + 1) * HOURS_OF_DAY;
  for (let hour = Math.max(fromHour, day * HOURS_OF_DAY); hour < end; ) {
    const builders = await cellsOfHours(on, organizationId, hour, end, LOGS_AT_ONCE);
    for (const [read, builder] of builders) {
      const cells = builder.finish(Number.POSITIVE_INFINITY);
      expected.set(
        read,
        cells.map((one) => one ?? new Map()),
      );
    }
    hour += builders.size;
  }
  // An hour that was changed meanwhile cannot be compared.
  const changed = await isChanged();
  const compared = [...expected.keys()].filter((hour) => !before.has(hour) && !changed.has(hour));
  const comparison = new Comparison(organizationId, (_field, value) => value);
  ROLL_UPS.forEach((rollUp, i) => {
    comparison.compareDay(
      rollUp,
      stored[i]!,
      new Map(compared.map((hour) => [hour, expected.get(hour)![i]!])),
    );
  });
  return { hours: compared.length, differences: comparison.differences, next: { organizationId, day } };
}

/** The next day with logs or cells. */
async function nextDay(
  on: Connection,
  after: RollUpCheckPosition | null,
): Promise<{ organizationId: string; day: number; fromHour: number } | null> {
  const progress = on.rollUpProgress.find(after === null ? {} : { _id: { $gte: after.organizationId } }, {
    sort: { _id: 1 },
  });
  for await (const { _id: organizationId, fromHour } of progress) {
    const from = organizationId === after?.organizationId ? after.day + 1 : 0;
    const log = await currentLogs(on).findOne(
      { organizationId, createdAt: { $gte: new Date(Math.max(from * DAY_MS, fromHour * HOUR_MS)) } },
      {
        sort: { createdAt: 1, _id: 1 },
        hint: MONGO_INDEXES.newest.name,
        projection: { _id: 0, createdAt: 1 },
      },
    );
    const contents = await on.rollUpContents.findOne(
      { organizationId, rollUp: ROLL_UPS[0]!.code, day: { $gte: from } },
      { sort: { day: 1 }, hint: 'day' },
    );
    const days = [
      ...(log === null ? [] : [Math.floor(log.createdAt.getTime() / DAY_MS)]),
      ...(contents === null ? [] : [contents.day]),
    ];
    if (days.length > 0) return { organizationId, day: Math.min(...days), fromHour };
  }
  return null;
}
