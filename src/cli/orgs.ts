import { Command } from 'commander';
import type { PlanTable } from '../config/plans.ts';
import { isoTime } from '../lib/date-time.ts';
import { print, table } from './print.ts';
import { requireOrganization, withStore } from './with-store.ts';

const ORGANIZATION_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DEFAULT_PLAN = 'free';

/** `relaylog orgs …` */
export function orgsCommand(): Command {
  const orgs = new Command('orgs').description('create and list organizations, and change their plan');

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

  return orgs;
}

function requirePlan(plans: PlanTable, plan: string): void {
  if (!plans.has(plan))
    throw new Error(
      `Plan ${JSON.stringify(plan)} does not exist; available: ${[...plans.keys()].join(', ')}`,
    );
}
