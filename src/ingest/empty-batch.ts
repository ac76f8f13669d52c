import { badInput } from '../log/errors.ts';

/** The error of a batch that contains no log. */
export function emptyBatch() {
  return badInput('The body is empty: send a JSON array of logs, or NDJSON with one log per line.');
}
