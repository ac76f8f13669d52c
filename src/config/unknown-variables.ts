import { closest } from 'fastest-levenshtein';
import { VARIABLES } from './config.ts';

const PREFIX = 'RELAYLOG_';

/** What Kubernetes sets in each container for a Service of the name `relaylog` (kubernetes.io/docs/concepts/services-networking/service/#environment-variables). */
const OF_KUBERNETES =
  /^RELAYLOG_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** A sentence for each variable that begins as ours do and is none of ours: its name was mistyped, or it is gone. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.keys(VARIABLES).filter((name) => name.startsWith(PREFIX));
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !OF_KUBERNETES.test(name))
    .map(
      (name) => `${name} is no variable of Relaylog and has no effect; did you mean ${nearest(name, known)}?`,
    );
}

/** A known name that begins with this one is nearer than one that differs. */
function nearest(name: string, known: readonly string[]): string {
  return known.find((one) => one.startsWith(name)) ?? closest(name, known);
}
