/** Errors of the language itself come from our own mistakes: they are shown with their stack. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Says what went wrong, in one line unless it is our mistake, and ends the process with status 1. */
export function fail(error: unknown): never {
  const bug = BUGS.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (bug ? error.stack : error.message) : String(error);
  process.stderr.write(`relaylog: ${text}\n`);
  process.exit(1);
}
