import { assertObjectType, specifiedDirectives } from 'graphql';
import { fieldOf, LOG_FIELDS } from '../log/fields.ts';
import { PAYLOAD_PART_NAMES } from '../log/payload.ts';
import type { RequestLog } from '../log/request-log.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';
import './nodes.ts';
import { printWithNullability, SEMANTIC_NON_NULL } from './nullability.ts';
import './outcome.ts';
import './request-log.ts';
import './request-logs.ts';
import './stats/request-log-stats.ts';
import { refuseQuickly } from './quick-refusal.ts';
import './viewer.ts';

export const schema = builder.toSchema({ directives: [...specifiedDirectives, SEMANTIC_NON_NULL] });

// Faster resolvers for the fields of each row: the plugins' own return ids as promises, and look up a loader for nodes
// that are already loaded.
const fieldsOf = (type: string) => assertObjectType(schema.getType(type)).getFields();
fieldsOf('RequestLog').id!.resolve = ({ id }: RequestLog) => encodeGlobalId('RequestLog', id);
fieldsOf('RequestLogEdge').node!.resolve = ({ node }: { node: RequestLog }) => node;

refuseQuickly(
  assertObjectType(schema.getType('RequestLog')),
  [...LOG_FIELDS.filter((name) => fieldOf(name).sensitive), ...PAYLOAD_PART_NAMES],
  'logs:sensitive',
);

/** Returns the schema as the text of `schema.graphql`. */
export function printedSchema(): string {
  return printWithNullability(schema);
}
