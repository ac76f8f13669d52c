import { closest } from 'fastest-levenshtein';
import { VARIABLES } from './config.ts';
import { fileVariableOf } from './secret-file.ts';
import type { Variable } from './variable.ts';

const PREFIX = 'RELAYLOG_';

/**
 * Variables that Kubernetes sets in each container for a Service named `relaylog`
 * (kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
const SET_BY_KUBERNETES =
  /^RELAYLOG_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** Returns a warning for each variable with the prefix `RELAYLOG_` that does not exist: a typo, or a removed variable. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.entries<Variable>(VARIABLES)
    .flatMap(([name, { secret }]) => (secret ? [name, fileVariableOf(name)] : [name]))
    .filter((name) => name.startsWith(PREFIX));
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !SET_BY_KUBERNETES.test(name))
    .map(
      (name) => `${name} is not a known variable and has no effect; did you mean ${nearest(name, known)}?`,
    );
}

/** Prefers a known name that begins with this one to one that is closer by edit distance. */
function nearest(name: string, known: readonly string[]): string {
  return known.find((one) => one.startsWith(name)) ?? closest(name, known);
}
