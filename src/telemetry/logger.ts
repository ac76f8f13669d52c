import { type DestinationStream, type Logger, pino } from 'pino';
import { defer } from '../lib/deferred.ts';
import { currentCall } from './call.ts';

export type { Logger };

/**
 * Creates a logger that writes JSON lines to standard error; standard output is for the output of commands. Lines that are
 * logged during a request contain its `requestId`.
 */
export function createLogger(level: string, destination = standardError()): Logger {
  const mixin = () => {
    const call = currentCall();
    return call === undefined ? {} : { requestId: call.requestId };
  };
  return pino({ level, base: null, mixin }, destination);
}

/** Maximum number of characters buffered while standard error does not accept data. Further lines are dropped. */
const MAX_BUFFERED = 1_000_000;
/** Number of characters at which collected lines are written immediately; well below `MAX_BUFFERED`. */
const FLUSH_AT = 64_000;

/** Writes to standard error. Collects the lines of one event-loop turn into one write. */
function standardError(): DestinationStream {
  const file = pino.destination({ dest: 2, sync: true, maxLength: MAX_BUFFERED });
  // A full disk must not stop the server; lines that cannot be written are lost.
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
      if (lines.length > FLUSH_AT) write();
    },
  };
}
