import type { Logger } from './logger.ts';

/**
 * Sends what Node and libraries would print on standard error to the logger, so that each line of it is JSON: warnings
 * of the process, and `console.error` and `console.warn`.
 */
export function logStandardError(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn({ err: warning }, 'warning of the process'));
  console.error = (...args: unknown[]) => logger.error(details(args), 'error of a library');
  console.warn = (...args: unknown[]) => logger.warn(details(args), 'warning of a library');
}

function details(args: readonly unknown[]): object {
  const error = args.find((arg) => arg instanceof Error);
  return error === undefined ? { output: args.map(String).join(' ') } : { err: error };
}
