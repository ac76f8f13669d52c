import { type DestinationStream, type Logger, pino } from 'pino';
import { defer } from '../lib/deferred.ts';
import { currentCall } from './call.ts';

export type { Logger };

/**
 * JSON lines on standard error, so that standard output stays free for what a command prints. A line written while a
 * request is answered holds its `requestId`.
 */
export function createLogger(level: string, destination = standardError()): Logger {
  const mixin = () => {
    const call = currentCall();
    return call === undefined ? {} : { requestId: call.requestId };
  };
  return pino({ level, base: null, mixin }, destination);
}

/** Characters that wait for a file that takes none. */
const MAX_HELD = 1_000_000;
/** Characters that wait to be written together: well below what the file would refuse at once. */
const MAX_TOGETHER = 64_000;

/** Writes the lines of a moment together. */
function standardError(): DestinationStream {
  const file = pino.destination({ dest: 2, sync: true, maxLength: MAX_HELD });
  // A full disk must not end the server; what cannot be written is lost.
  file.on('error', () => undefined);
  let lines = '';
  const write = () => {
    if (lines === '') return;
    const all = lines;
    lines = '';
    file.write(all);
  };
  return {
    write(line) {
      if (lines === '') defer(write);
      lines += line;
      if (lines.length > MAX_TOGETHER) write();
    },
  };
}
