/** The number of trials of a property: `few` in `npm test`, `all` in the long run, which sets RELAYLOG_LONG_TRIALS. */
export function trials<T>(few: T, all: T): T {
  return process.env.RELAYLOG_LONG_TRIALS === undefined ? few : all;
}
