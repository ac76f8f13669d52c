import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { Doctor } from '../store/mongo/schema/doctor.ts';
import { openStore, storeSchemeOf } from '../store/open-store.ts';
import { print } from './print.ts';

/** `relaylog doctor` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'compare the store with what Relaylog declares: indexes, validators, shards; ends with 1 where they differ',
    )
    .option('--build', 'make what is missing; nothing is changed or dropped that is there', false)
    .option('--json', 'print JSON', false)
    .action(async ({ build, json }: { build: boolean; json: boolean }) => {
      const url = loadConfig(process.env).RELAYLOG_STORE_URL;
      const { doctor } = storeSchemeOf(url);
      if (doctor === null) await openOnce(url, json);
      else await examine(await doctor(url), build, json);
    });
}

/** What is declared is made whenever such a store is opened. */
async function openOnce(url: string, json: boolean): Promise<void> {
  const store = await openStore(url, { inline: true });
  await store.ping();
  await store.close();
  print(json, { findings: [] }, ['The database is as declared.']);
}

async function examine(doctor: Doctor, build: boolean, json: boolean): Promise<void> {
  try {
    let findings = await doctor.examine();
    if (build) {
      await doctor.build(findings, ({ finding, done }) => {
        const share = done === null ? '…' : `${Math.round(done * 100)}%`;
        process.stderr.write(`${finding.message} ${share}\n`);
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
        ? ['relaylog doctor --build makes what is missing.']
        : [];
    print(
      json,
      { findings: shown },
      shown.length === 0 ? ['The server is as declared.'] : [...shown.map(({ message }) => message), ...hint],
    );
    if (shown.some(({ state }) => state !== 'not ours')) process.exitCode = 1;
  } finally {
    await doctor.close();
  }
}
