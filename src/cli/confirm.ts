import { createInterface } from 'node:readline/promises';

/** Where questions are asked. */
interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks twice before a deletion: whether to continue, then for the id. `--confirm` answers both.
 *
 * @param id the id of the organization.
 * @param confirmed the value of `--confirm`.
 * @param describe returns what will be deleted, in one sentence; called only if a person is asked.
 * @throws Error if the answer is anything else, or nobody can be asked.
 */
export async function confirmDeletion(
  id: string,
  confirmed: string | undefined,
  describe: () => Promise<string>,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (confirmed !== undefined) {
    if (confirmed === id) return;
    throw new Error(
      `--confirm is ${JSON.stringify(confirmed)}, not ${JSON.stringify(id)}: nothing was deleted`,
    );
  }
  if (!input.isTTY) {
    throw new Error(`Standard input is not a terminal; to confirm the deletion, add --confirm ${id}`);
  }
  const closed = new AbortController();
  const lines = createInterface({ input, output, terminal: true });
  // The terminal was closed, or Ctrl-C or Ctrl-D was pressed.
  lines.on('close', () => closed.abort());
  const ask = (question: string) => lines.question(question, closed).catch(() => '');
  try {
    output.write(`${await describe()}\n`);
    if (!/^y(es)?$/i.test((await ask('This cannot be undone. Continue? [y/N] ')).trim()))
      throw nothingDeleted();
    if ((await ask(`To confirm, type the id of the organization (${id}): `)).trim() !== id) {
      throw nothingDeleted();
    }
  } finally {
    lines.close();
  }
}

function nothingDeleted(): Error {
  return new Error('Not confirmed: nothing was deleted');
}
