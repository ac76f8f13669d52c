import { Command, Option } from 'commander';
import { formatRfc3339, isoTime } from '../lib/date-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time-units.ts';
import { allOf, type Filter } from '../log/filter.ts';
import { allMeasures, groupAnswers, otherMeasures } from '../stats/answer.ts';
import type { DimensionName } from '../stats/dimensions.ts';
import { GROUP_MEASURES, type GroupMeasure } from '../stats/group-order.ts';
import { clientErrorRate, serverErrorRate } from '../stats/measures.ts';
import type { MeasuresRow } from '../stats/measures-table.ts';
import { checkedPart, type RankedGroups } from '../stats/question.ts';
import type { Store } from '../store/store.ts';
import { print, table } from './print.ts';
import { requireOrganization, withStore } from './with-store.ts';

/** The name of each dimension in the shell. */
const BY = {
  method: 'METHOD',
  route: 'ROUTE_PATTERN',
  status: 'STATUS_CODE',
  'status-class': 'STATUS_CLASS',
  key: 'API_KEY_ID',
  consumer: 'CONSUMER_ID',
  service: 'SERVICE',
  'endpoint-type': 'ENDPOINT_TYPE',
  'error-type': 'ERROR_TYPE',
  'auth-type': 'AUTH_TYPE',
  host: 'HOST',
} as const satisfies Readonly<Record<string, DimensionName>>;

const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

interface Options {
  readonly org?: string;
  readonly last: string;
  readonly by?: string;
  readonly top: string;
  readonly order: string;
  readonly json: boolean;
}

/** `relaylog stats …` */
export function statsCommand(): Command {
  const orders = GROUP_MEASURES.map(lowerCase);
  const stats = new Command('stats')
    .description('print counts, error rates and durations of the logs of an organization')
    .option('--org <id>', 'organization id; not needed if there is only one')
    .option(
      '--last <duration>',
      'only logs of the last minutes, hours or days, such as 15m, 24h or 7d; or all',
      '24h',
    )
    .option('--by <dimensions>', `group by one to three of: ${Object.keys(BY).join(', ')}; comma-separated`)
    .option('--top <number>', 'number of groups, 1 to 100', '10')
    .addOption(
      new Option('--order <measure>', 'list the groups that have most of this measure first')
        .choices(orders)
        .default('count'),
    )
    .option('--json', 'print JSON', false)
    .action((options: Options) => withStore((store) => printStats(store, options)));
  stats
    .command('rebuild')
    .description(
      'delete the roll-ups that statistics are read from, and build them again from the logs; safe while a server is running',
    )
    .option('--json', 'print JSON', false)
    // Commander gives `--json` to `stats`, which has that option too.
    .action((_, command: Command) => withStore((store) => rebuild(store, command.optsWithGlobals())));
  return stats;
}

async function printStats(store: Store, options: Options): Promise<void> {
  const now = Date.now();
  const from = startOf(options.last, now);
  const groups = options.by === undefined ? null : groupsOf(options.by, options);
  const organizationId = await organizationOf(store, options.org);
  const scope = { organizationId, visibleFrom: null };
  const part = checkedPart({ groups, buckets: null });
  const filter: Filter = allOf(from === null ? [] : [{ op: 'gte', field: 'createdAt', value: from }]);
  const [answer] = await store.stats(scope, filter, [part]);
  const listed = groupAnswers(answer!, part).map(({ key, measures }) => ({
    key: key.map(({ value }) => value),
    ...shown(measures),
  }));
  const rest = groups === null ? null : otherMeasures(answer!);
  const other = rest === null || rest.count === 0 ? null : shown(rest);
  const all = shown(allMeasures(answer!));
  const by = groups?.by ?? [];
  const rows = [
    ...listed.map(({ key, ...measures }) => [...key.map((value) => value ?? '(none)'), ...cells(measures)]),
    ...(other === null ? [] : [['(other)', ...by.slice(1).map(() => ''), ...cells(other)]]),
    [...(by.length === 0 ? [] : ['(all)', ...by.slice(1).map(() => '')]), ...cells(all)],
  ];
  print(
    options.json,
    {
      organizationId,
      from: from === null ? null : formatRfc3339(from),
      by,
      groups: listed,
      other,
      all,
    },
    table([...by.map(headingOf), 'LOGS', '4XX', '5XX', 'P50 MS', 'P95 MS', 'P99 MS', 'UNITS'], rows),
  );
}

async function organizationOf(store: Store, id: string | undefined): Promise<string> {
  if (id !== undefined) return (await requireOrganization(store, id)).id;
  const ids = (await store.listOrganizations()).map((one) => one.id);
  if (ids.length === 0) throw new Error('There are no organizations yet; see: relaylog orgs create --help');
  if (ids.length > 1) throw new Error(`Name the organization with --org; available: ${ids.join(', ')}`);
  return ids[0]!;
}

type Shown = ReturnType<typeof shown>;

function shown(measures: MeasuresRow) {
  const { durations } = measures;
  return {
    count: measures.count,
    clientErrorCount: measures.clientErrorCount,
    clientErrorRate: clientErrorRate(measures),
    serverErrorCount: measures.serverErrorCount,
    serverErrorRate: serverErrorRate(measures),
    billedUnits: measures.billedUnits,
    durationMs: {
      count: durations.count,
      sum: durations.sum,
      min: durations.min,
      max: durations.max,
      p50: measures.percentile(50),
      p95: measures.percentile(95),
      p99: measures.percentile(99),
    },
  };
}

function cells({ count, clientErrorRate, serverErrorRate, billedUnits, durationMs }: Shown): string[] {
  const { p50, p95, p99 } = durationMs;
  return [
    String(count),
    percent(clientErrorRate),
    percent(serverErrorRate),
    ...[p50, p95, p99].map((value) => (value === null ? '' : String(Math.round(value)))),
    String(billedUnits),
  ];
}

function percent(rate: number | null): string {
  return rate === null ? '' : `${(rate * 100).toFixed(1)}%`;
}

/** The start of the time, in Unix milliseconds; null for all logs. @throws Error if the text is not a duration. */
function startOf(last: string, now: number): number | null {
  if (last === 'all') return null;
  const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(last) ?? [];
  if (unit === undefined) {
    throw new Error(`--last must be a duration such as 15m, 24h or 7d, or all, not ${JSON.stringify(last)}`);
  }
  return now - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** @throws Error if an option is invalid. */
function groupsOf(by: string, { top, order }: Options): RankedGroups {
  if (!/^\d{1,3}$/.test(top))
    throw new Error(`--top must be a number from 1 to 100, not ${JSON.stringify(top)}`);
  return {
    by: by.split(',').map(dimensionOf),
    top: Number(top),
    order: {
      measure: GROUP_MEASURES.find((name) => lowerCase(name) === order) as GroupMeasure,
      direction: 'desc',
    },
    search: null,
  };
}

function dimensionOf(text: string): DimensionName {
  const name = text.trim();
  if (Object.hasOwn(BY, name)) return BY[name as keyof typeof BY];
  throw new Error(`Cannot group by ${JSON.stringify(name)}; available: ${Object.keys(BY).join(', ')}`);
}

function headingOf(name: DimensionName): string {
  return name.replaceAll('_', ' ');
}

function lowerCase(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Builds until nothing is due, also where a server builds at the same time. */
async function rebuild(store: Store, { json }: { readonly json: boolean }): Promise<void> {
  await store.resetRollUps();
  const start = performance.now();
  let steps = 0;
  while (await store.rollUpStep(Date.now())) steps += 1;
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  print(json, { steps, seconds }, [
    `The roll-ups were built again in ${seconds} s (${steps} steps), ${isoTime(Date.now())}.`,
  ]);
}
