import { Command } from 'commander';
import type { PlanTable } from '../config/plans.ts';
import { isoTime } from '../lib/date-time.ts';
import { MATCH_ALL } from '../log/filter.ts';
import { deleteOrganization } from '../retention/erase.ts';
import type { Store } from '../store/store.ts';
import { confirmDeletion } from './confirm.ts';
import {
  CONFIRM,
  describedCount,
  type ErasureOptions,
  NO_VACUUM,
  requireDone,
  runErasure,
} from './erasure.ts';
import { print, table } from './print.ts';
import { requireOrganization, withAuditedStore, withStore } from './with-store.ts';

const ORGANIZATION_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DEFAULT_PLAN = 'free';

/** `relaylog orgs …` */
export function orgsCommand(): Command {
  const orgs = new Command('orgs').description(
    'create, list and delete organizations, and change their plan',
  );

  orgs
    .command('create')
    .argument('<id>', 'id of the organization: lower-case letters, digits and dashes')
    .option('--plan <plan>', 'plan of the organization', DEFAULT_PLAN)
    .option('--json', 'print JSON', false)
    .action((id: string, options: { plan: string; json: boolean }) =>
      withStore(async (store, { plans }) => {
        if (!ORGANIZATION_ID.test(id)) {
          throw new Error(
            `${JSON.stringify(id)} is not a valid id: use 1 to 63 lower-case letters, digits and dashes`,
          );
        }
        requirePlan(plans, options.plan);
        if ((await hasLogs(store, id)) && (await store.findOrganization(id)) === null) {
          throw new Error(
            `Logs of a deleted organization ${id} are left; to delete them, run: relaylog orgs delete ${id}`,
          );
        }
        const organization = { id, plan: options.plan, createdAt: Date.now() };
        if (!(await store.createOrganization(organization)))
          throw new Error(`Organization ${id} already exists`);
        print(options.json, organization, [`Created organization ${id} on plan ${options.plan}.`]);
      }),
    );

  orgs
    .command('list')
    .option('--json', 'print JSON', false)
    .action((options: { json: boolean }) =>
      withStore(async (store) => {
        const all = await store.listOrganizations();
        const rows = all.map(({ id, plan, createdAt }) => [id, plan, isoTime(createdAt)]);
        print(options.json, all, table(['ORGANIZATION', 'PLAN', 'CREATED'], rows));
      }),
    );

  orgs
    .command('set-plan')
    .argument('<id>', 'organization id')
    .argument('<plan>', 'new plan; takes effect immediately')
    .action((id: string, plan: string) =>
      withStore(async (store, { plans }) => {
        requirePlan(plans, plan);
        await requireOrganization(store, id);
        await store.setPlan(id, plan);
        await store.settled();
        print(false, null, [`Organization ${id} is now on plan ${plan}.`]);
      }),
    );

  orgs
    .command('delete')
    .description(
      'delete an organization with its keys, logs and rate limits for good; safe while a server is running',
    )
    .argument('<id>', 'organization id')
    .addOption(CONFIRM)
    .addOption(NO_VACUUM)
    .option('--json', 'print JSON', false)
    .action((id: string, options: ErasureOptions) =>
      withAuditedStore(async (store, audit) => {
        const everything = { organizationId: id, match: null };
        // After an interrupted deletion, the organization is gone, but some of its logs are left.
        if (!(await hasLogs(store, id))) await requireOrganization(store, id);
        await confirmDeletion(
          id,
          options.confirm,
          async () =>
            `This deletes organization ${id} with ${await describedCount(store, everything)} and ${(await store.listKeys(id)).length} keys.`,
        );
        let keys = 0;
        const fields = { organizationId: id, by: 'organizationId' };
        const erased = await runErasure(audit, fields, options.vacuum, (how) =>
          deleteOrganization(store, id, {
            ...how,
            onDeleted(deleted) {
              keys = deleted.keys;
              if (deleted.existed) audit('org.deleted', { organizationId: id, keys });
            },
          }),
        );
        requireDone(erased);
        const { logs } = erased;
        print(options.json, { organizationId: id, keys, logs }, [
          `Deleted organization ${id} with ${logs} logs and ${keys} keys.`,
        ]);
      }),
    );

  return orgs;
}

async function hasLogs(store: Store, organizationId: string): Promise<boolean> {
  return (await store.count({ organizationId, visibleFrom: null }, MATCH_ALL, 1)).count > 0;
}

function requirePlan(plans: PlanTable, plan: string): void {
  if (!plans.has(plan))
    throw new Error(
      `Plan ${JSON.stringify(plan)} does not exist; available: ${[...plans.keys()].join(', ')}`,
    );
}
