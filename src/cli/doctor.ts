import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { Doctor } from '../store/mongo/schema/doctor.ts';
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
    let findings = await doctor.examine();
    if (build) {
      await doctor.build(findings, ({ finding, done }) => {
        const percentage = done === null ? '…' : `${Math.round(done * 100)}%`;
        process.stderr.write(`${finding.message} ${percentage}\n`);
      });
      findings = await doctor.examine();
    }
    const shown = findings.map(({ kind, state, message, collection }) => ({
      kind,
      state,
      collection: collection.name,
      message,
    }));
    const hint =
      shown.some(({ state }) => state === 'missing') && !build
        ? ['To create what is missing, run: relaylog doctor --build']
        : [];
    print(
      json,
      { findings: shown },
      shown.length === 0
        ? ['The database has everything that Relaylog needs.']
        : [...shown.map(({ message }) => message), ...hint],
    );
    if (shown.some(({ state }) => state !== 'not ours')) process.exitCode = 1;
  } finally {
    await doctor.close();
  }
}
