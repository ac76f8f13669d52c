/** Built-in errors indicate a bug in Relaylog, so they are printed with their stack. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Prints the error to standard error, in one line unless it is a bug, and exits with status 1. */
export function fail(error: unknown): never {
  const isBug = BUGS.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (isBug ? error.stack : error.message) : String(error);
  process.stderr.write(`relaylog: ${text}\n`);
  process.exit(1);
}
