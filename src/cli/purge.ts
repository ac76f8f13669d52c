import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { isoTime } from '../lib/date-time.ts';
import { DAY_MS } from '../lib/time-units.ts';
import { type Purged, type PurgeOptions, purge, purgeable } from '../retention/purge.ts';
import type { Store } from '../store/store.ts';
import { print } from './print.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly grace?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `relaylog purge` */
export function purgeCommand(): Command {
  return new Command('purge')
    .description(
      "delete logs that are past the retention of their organization's plan; safe while a server is running",
    )
    .option(
      '--grace <days>',
      'days to keep a log after its retention has passed; default: RELAYLOG_PURGE_GRACE_DAYS',
    )
    .option('--dry-run', 'count the logs that would be deleted, without deleting them', false)
    .option('--json', 'print JSON', false)
    .action((options: Options) =>
      withStore(async (store, config) => {
        const grace = daysOf(options.grace) ?? config.RELAYLOG_PURGE_GRACE_DAYS;
        const purgeOptions = { plans: config.plans, grace: grace * DAY_MS, now: Date.now };
        const purged = options.dryRun
          ? await purgeable(store, purgeOptions)
          : await purgeWithBar(store, purgeOptions);
        if (purged === null) throw new Error('Another process is purging; try again when it has finished');
        print(options.json, { dryRun: options.dryRun, graceDays: grace, organizations: purged }, [
          ...purged.map((one) => describe(one, options.dryRun)),
          ...(purged.length === 0 ? ['There is nothing to delete.'] : []),
        ]);
      }),
    );
}

async function purgeWithBar(store: Store, options: PurgeOptions): Promise<Purged[] | null> {
  if (!process.stderr.isTTY) return purge(store, options);
  const total = (await purgeable(store, options)).reduce((sum, { logs }) => sum + logs, 0);
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {value} of {total} logs | {organizationId} | {eta_formatted} left',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { organizationId: '' });
  const deleted = new Map<string, number>();
  try {
    return await purge(store, {
      ...options,
      onProgress({ organizationId, logs }) {
        deleted.set(organizationId, logs);
        bar.update(
          [...deleted.values()].reduce((sum, one) => sum + one, 0),
          { organizationId },
        );
      },
    });
  } finally {
    bar.stop();
  }
}

/** @throws Error if the text is not a number of days. */
function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text))
    throw new Error(`--grace must be an integer number of days, not ${JSON.stringify(text)}`);
  return Number(text);
}

function describe({ organizationId, before, logs }: Purged, dryRun: boolean): string {
  return `${organizationId}: ${logs} logs from before ${isoTime(before)} ${dryRun ? 'would be' : 'were'} deleted`;
}
