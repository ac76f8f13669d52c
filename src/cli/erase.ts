import { Command } from 'commander';
import { parseRequestId } from '../log/request-id.ts';
import { eraseLogs } from '../retention/erase.ts';
import type { ErasableField, Erasure } from '../store/erasure.ts';
import { confirmDeletion } from './confirm.ts';
import {
  CONFIRM,
  describedCount,
  type ErasureOptions,
  NO_VACUUM,
  requireDone,
  runErasure,
} from './erasure.ts';
import { print } from './print.ts';
import { requireOrganization, withAuditedStore, withStore } from './with-store.ts';

interface Options extends ErasureOptions {
  readonly org: string;
  readonly requestId?: string;
  readonly apiKey?: string;
  readonly consumer?: string;
}

/** `relaylog erase` */
export function eraseCommand(): Command {
  return new Command('erase')
    .description(
      'delete the logs of one request, API key or consumer for good; safe while a server is running',
    )
    .requiredOption('--org <id>', 'organization that the logs belong to')
    .option('--request-id <value>', 'delete the log with this request id')
    .option('--api-key <value>', 'delete the logs with this API key id')
    .option('--consumer <value>', 'delete the logs with this consumer id')
    .addOption(CONFIRM)
    .addOption(NO_VACUUM)
    .option('--json', 'print JSON', false)
    .action((options: Options) =>
      withAuditedStore(async (store, audit) => {
        const { org: organizationId, vacuum } = options;
        const match = matchOf(options);
        const erasure: Erasure = { organizationId, match };
        await requireOrganization(store, organizationId);
        await confirmDeletion(
          organizationId,
          options.confirm,
          async () =>
            `This deletes ${await describedCount(store, erasure)} of organization ${organizationId} with this ${match.field}.`,
        );
        const erased = await runErasure(audit, { organizationId, by: match.field }, vacuum, (how) =>
          eraseLogs(store, erasure, how),
        );
        requireDone(erased);
        print(options.json, { organizationId, by: match.field, logs: erased.logs }, [
          `Deleted ${erased.logs} logs of organization ${organizationId} by ${match.field}.`,
        ]);
      }),
    );
}

/** `relaylog compact` */
export function compactCommand(): Command {
  return new Command('compact')
    .description(
      'SQLite: rewrite the file without free pages, which makes it smaller; ingest waits or is answered 503 meanwhile',
    )
    .action(() =>
      withStore(async (store) => {
        await store.cleanUp({ rewrite: true });
        print(false, null, ['Done.']);
      }),
    );
}

/** @throws Error unless exactly one value is given. */
function matchOf({ requestId, apiKey, consumer }: Options): NonNullable<Erasure['match']> {
  const given: [ErasableField, string | undefined][] = [
    ['requestId', requestId === undefined ? undefined : parseRequestId(requestId)],
    ['apiKeyId', apiKey],
    ['consumerId', consumer],
  ];
  const [first, ...others] = given.flatMap(([field, value]) => (value ? [{ field, value }] : []));
  if (first === undefined || others.length > 0) {
    throw new Error(
      'Give exactly one of --request-id, --api-key and --consumer, with a value that is not empty',
    );
  }
  return first;
}
