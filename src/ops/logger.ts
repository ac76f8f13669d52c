import { type DestinationStream, type Logger, pino } from 'pino';
import { callUnderWay } from './call.ts';

export type { Logger };

/**
 * JSON lines on standard error, so that standard output stays free for what a command prints. A line written while a
 * request is answered holds its `requestId`.
 */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const mixin = () => {
    const call = callUnderWay();
    return call === undefined ? {} : { requestId: call.requestId };
  };
  return pino({ level, base: null, mixin }, destination);
}
