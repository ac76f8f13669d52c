import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import { isoTime } from '../lib/date-time.ts';
import { DAY_MS, SECOND_MS } from '../lib/time-units.ts';
import type { Doctor } from '../store/mongo/schema/doctor.ts';
import type { Finding } from '../store/mongo/schema/finding.ts';
import { openStore, storeSchemeOf } from '../store/open-store.ts';
import type { RollUpCheck, RollUpCheckPosition, RollUpDifference } from '../store/roll-ups/check.ts';
import type { Store } from '../store/store.ts';
import { print } from './print.ts';
import { withStore } from './with-store.ts';

/** `relaylog doctor` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check that the indexes, validators and sharding of the store are as Relaylog needs them; exits with 1 if they differ',
    )
    .option('--build', 'create whatever is missing; never changes or drops anything', false)
    .option(
      '--stats',
      'compare the roll-ups that statistics are read from with the logs instead; exits with 1 if they differ',
      false,
    )
    .option('--json', 'print JSON', false)
    .action(async ({ build, stats, json }: { build: boolean; stats: boolean; json: boolean }) => {
      if (stats) return withStore((store) => compareRollUps(store, json));
      const url = loadConfig(process.env).RELAYLOG_STORE_URL;
      const { doctor } = storeSchemeOf(url);
      if (doctor === null) await openOnce(url, json);
      else await examine(await doctor(url), build, json);
    });
}

/** For stores that create or migrate their schema whenever they are opened: nothing else needs checking. */
async function openOnce(url: string, json: boolean): Promise<void> {
  const store = await openStore(url, { inline: true });
  await store.ping();
  await store.close();
  print(json, { findings: [] }, ['The database schema is up to date.']);
}

async function examine(doctor: Doctor, build: boolean, json: boolean): Promise<void> {
  try {
    const found = await doctor.examine();
    const warning = doctor.warningFor(found);
    const failed = build ? await buildMissing(doctor, found, warning) : [];
    const findings = build ? await doctor.examine() : found;
    const shown = findings.map(({ kind, state, message, collection }) => ({
      kind,
      state,
      collection: collection.name,
      message,
    }));
    const hint =
      shown.some(({ state }) => state === 'missing') && !build
        ? ['To create what is missing, run: relaylog doctor --build', ...(warning === null ? [] : [warning])]
        : [];
    print(
      json,
      { findings: shown, failed },
      shown.length === 0
        ? ['The database has everything that Relaylog needs.']
        : [...shown.map(({ message }) => message), ...hint],
    );
    if (failed.length > 0 || findings.some(differs)) process.exitCode = 1;
  } finally {
    await doctor.close();
  }
}

/** Creates what is missing and reports on standard error. Returns what failed. */
async function buildMissing(
  doctor: Doctor,
  findings: readonly Finding[],
  warning: string | null,
): Promise<string[]> {
  const report = (line: string) => process.stderr.write(`${line}\n`);
  if (warning !== null) report(warning);
  const failures = await doctor.build(findings, ({ finding, done }) =>
    report(`${finding.message} ${done === null ? '…' : `${Math.round(done * 100)}%`}`),
  );
  const failed = failures.map(({ message }) => message);
  failed.forEach(report);
  return failed;
}

/** Returns whether the operator has to act. */
function differs({ state, impact }: Finding): boolean {
  return state === 'missing' || state === 'different' || impact !== undefined;
}

/** The most differences that are printed; all of them are counted. */
const MAX_SHOWN = 100;

async function compareRollUps(store: Store, json: boolean): Promise<void> {
  const shown: RollUpDifference[] = [];
  let [hours, differences] = [0, 0];
  for (let after: RollUpCheckPosition | null = null; ; ) {
    const step: RollUpCheck = await store.checkRollUps(after);
    hours += step.hours;
    differences += step.differences.length;
    shown.push(...step.differences.slice(0, MAX_SHOWN - shown.length));
    after = step.next;
    if (after === null) break;
  }
  const { changedHours, unfinishedOrganizations } = await store.rollUpStatus();
  const rest = [
    ...(changedHours === 0
      ? []
      : [`Hours that were changed since they were built, and are read from logs: ${changedHours}.`]),
    ...(unfinishedOrganizations === 0
      ? []
      : [`Organizations with logs that are not rolled up yet: ${unfinishedOrganizations}.`]),
  ];
  print(json, { hours, differences, shown, changedHours, unfinishedOrganizations }, [
    ...shown.map(describeDifference),
    differences === 0
      ? `The roll-ups of ${hours} hours equal the logs.`
      : `${differences} cells differ from the logs. To build them again, run: relaylog stats rebuild`,
    ...rest,
  ]);
  if (differences > 0) process.exitCode = 1;
}

function describeDifference({
  organizationId,
  start,
  length,
  key,
  stored,
  actual,
}: RollUpDifference): string {
  const group =
    key.map(({ dimension, value }) => `${dimension}=${value ?? '(none)'}`).join(' ') || 'all logs';
  const count = (logs: number | null) => (logs === null ? 'nothing' : `${logs} logs`);
  const what =
    stored === actual
      ? 'another measure than the count differs'
      : `the roll-up has ${count(stored)}, ${length === DAY_MS ? 'its hours have' : 'the store'} ${count(actual)}`;
  return `${organizationId} ${isoTime(start)} + ${length / SECOND_MS} s, ${group}: ${what}.`;
}
