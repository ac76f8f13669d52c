import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { readSecret } from '../config/secret-file.ts';
import { keepHeapSmall } from '../lib/garbage-collection.ts';
import { type CopiedOrganization, copyStore } from '../store/copy.ts';
import { openStore } from '../store/open-store.ts';
import { print } from './print.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly json: boolean;
}

/** `relaylog copy` */
export function copyCommand(): Command {
  return new Command('copy')
    .description(
      'copy organizations, keys, logs and bodies to another store and compare both stores; run it again to resume',
    )
    .requiredOption(
      '--from <url>',
      'store to copy from, such as sqlite:./data/relaylog.db, or @FILE, a file that contains its URL',
    )
    .requiredOption(
      '--to <url>',
      'store to copy to, such as mongodb://host/relaylog, or @FILE, a file that contains its URL',
    )
    .option('--json', 'print JSON', false)
    .action(copy);
}

/** Reads the URL from a file if asked to: other users of the machine can read a password in the arguments of a command. */
function urlOf(option: string, text: string): string {
  return text.startsWith('@') ? readSecret(option, text.slice(1)) : text;
}

async function copy({ json, ...urls }: Options): Promise<void> {
  const from = urlOf('--from', urls.from);
  const to = urlOf('--to', urls.to);
  keepHeapSmall();
  if (from === to) throw new Error('--from and --to must be different stores');
  const source = await openStore(from, { inline: true });
  const target = await openStore(to, { ingest: true });
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: '{organizationId}: {step}, {value} logs',
        stream: process.stderr,
        hideCursor: true,
        clearOnComplete: true,
      })
    : null;
  bar?.start(0, 0, { organizationId: '', step: 'starting' });
  try {
    const copied = await copyStore(source, target, {
      onProgress: ({ logs, ...progress }) => bar?.update(logs, progress),
    });
    bar?.stop();
    print(json, copied, copied.map(describe));
    if (copied.some(({ same }) => !same)) {
      throw new Error('The stores still differ: run the same command again.');
    }
  } finally {
    bar?.stop();
    await source.close();
    await target.close();
  }
}

function describe({ organizationId, stored, from, to, sameUsage, same }: CopiedOrganization): string {
  if (!sameUsage) {
    return `${organizationId}: the usage of deleted logs differs, because logs were deleted during the copy or in the target`;
  }
  const counts = `${from.logs} logs, ${stored} copied in this run`;
  return same
    ? `${organizationId}: ${counts}; both stores have the digest ${from.digest.slice(0, 16)}…`
    : `${organizationId}: ${counts}; the stores differ: source ${from.logs} logs, digest ${from.digest.slice(0, 16)}…; target ${to.logs} logs, digest ${to.digest.slice(0, 16)}…`;
}
