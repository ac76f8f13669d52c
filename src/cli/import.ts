import { closeSync, createReadStream, openSync, ReadStream, statSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import {
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportSummary,
  importLines,
} from '../ingest/import-lines.ts';
import { occurrencesOnDisk } from '../ingest/occurrences.ts';
import { redactionSettings } from '../ingest/settings.ts';
import { keepHeapSmall } from '../lib/garbage-collection.ts';
import { redactors } from '../log/redact/redactor.ts';
import { visibleFrom } from '../retention/window.ts';
import { print } from './print.ts';
import { requireOrganization, withStore } from './with-store.ts';

interface Options {
  readonly org: string;
  readonly format: ImportFormat;
  readonly rejects?: string;
  readonly json: boolean;
}

/** Number of rejected lines that are printed. The file of `--rejects` contains all of them. */
const SHOWN_REJECTS = 5;

/** `relaylog import` */
export function importCommand(): Command {
  return new Command('import')
    .description('import a log file; importing it again adds only the missing logs')
    .argument('<file>', "log file, plain or gzip; '-' reads standard input")
    .requiredOption('--org <id>', 'organization that the logs belong to')
    .addOption(
      new Option('--format <format>', 'format of the lines').choices(IMPORT_FORMATS).default('combined'),
    )
    .option('--rejects <file>', 'write the line number and the reason for each rejected line to a file')
    .option('--json', 'print the summary as JSON', false)
    .action(importFile);
}

async function importFile(file: string, options: Options): Promise<void> {
  keepHeapSmall();
  await withStore(
    async (store, config) => {
      const organization = await requireOrganization(store, options.org);
      const plan = config.plans.get(organization.plan);
      const source = file === '-' ? process.stdin : createReadStream(file);
      const bytes = file === '-' ? 0 : (await stat(file)).size;
      const bar = progressBar(bytes);
      const rejects = rejectsWriter(options.rejects, file);
      const occurrences = occurrencesOnDisk();
      const read = () => (source instanceof ReadStream ? source.bytesRead : 0);

      const { summary, failure } = await importLines(source, store, {
        organizationId: organization.id,
        now: Date.now(),
        redactor: redactors(redactionSettings(config))(),
        occurrences,
        maxValues: config.RELAYLOG_INGEST_MAX_VALUES,
        format: options.format,
        onRejected: rejects.add,
        onProgress: ({ stored, duplicates, rejected }) =>
          bar?.update(read(), { stored, duplicates, rejected }),
      }).finally(() => {
        bar?.stop();
        occurrences.close();
        rejects.close();
      });

      const from = plan === undefined ? null : visibleFrom(plan, Date.now());
      print(options.json, summary, describeSummary(summary, rejects.shown, options.rejects));
      if (plan !== undefined && from !== null && summary.oldest !== null && summary.oldest < from) {
        process.stderr.write(
          `Note: some of these logs are older than the ${plan.retentionDays} days of the plan ${plan.name}, so they are not visible. ` +
            `To make them visible, run: relaylog orgs set-plan ${organization.id} archive\n`,
        );
      }
      if (failure !== null) {
        const reason = failure instanceof Error ? failure.message : String(failure);
        throw new Error(`The import failed: ${reason.replace(/\.$/, '')}. Run it again to complete it.`);
      }
    },
    { ingest: true },
  );
}

function describeSummary(summary: ImportSummary, shown: readonly string[], rejectsFile?: string): string[] {
  const { read, stored, duplicates, rejected } = summary;
  const lines = [`${read} read, ${stored} stored, ${duplicates} already stored, ${rejected} rejected`];
  if (rejected === 0) return lines;
  lines.push(...shown.map((reject) => `  ${reject}`));
  if (rejected > shown.length) {
    lines.push(
      `  … ${rejected - shown.length} more${rejectsFile === undefined ? '; use --rejects FILE to write all of them to a file' : ''}`,
    );
  }
  return lines;
}

/** A progress bar if standard error is a terminal, otherwise null. Standard input has no known size, so it shows counts only. */
function progressBar(bytes: number): SingleBar | null {
  if (!process.stderr.isTTY) return null;
  const counts = '{stored} stored, {duplicates} already stored, {rejected} rejected';
  const format = bytes > 0 ? `{bar} {percentage}% | ${counts} | {eta_formatted} left` : counts;
  const bar = new SingleBar({
    format,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  });
  bar.start(bytes, 0, { stored: 0, duplicates: 0, rejected: 0 });
  return bar;
}

/** @throws Error immediately if the file cannot be opened for writing or is the input file. */
function rejectsWriter(file: string | undefined, input: string) {
  if (file !== undefined && isSameFile(file, input))
    throw new Error('--rejects must not be the file that is imported');
  const fd = file === undefined ? null : openSync(file, 'w');
  const shown: string[] = [];
  return {
    shown,
    add(line: number, reason: string) {
      if (shown.length < SHOWN_REJECTS) shown.push(`line ${line}: ${reason}`);
      if (fd !== null) writeSync(fd, `${line}\t${reason}\n`);
    },
    close() {
      if (fd !== null) closeSync(fd);
    },
  };
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((file) => statSync(file, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}
