import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { Doctor } from '../store/mongo/schema/doctor.ts';
import type { Finding } from '../store/mongo/schema/finding.ts';
import { openStore, storeSchemeOf } from '../store/open-store.ts';
import { print } from './print.ts';

/** `relaylog doctor` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check that the indexes, validators and sharding of the store are as Relaylog needs them; exits with 1 if they differ',
    )
    .option('--build', 'create whatever is missing; never changes or drops anything', false)
    .option('--json', 'print JSON', false)
    .action(async ({ build, json }: { build: boolean; json: boolean }) => {
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
