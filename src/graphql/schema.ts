import { assertObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import type { RequestLog } from '../log/request-log.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';
import './outcome.ts';
import './request-log.ts';
import './request-logs.ts';
import './viewer.ts';

export const schema = builder.toSchema();

// The plugins give each id as a promise, and look for a loader at each row of a page, which is there already.
const fieldsOf = (type: string) => assertObjectType(schema.getType(type)).getFields();
fieldsOf('RequestLog').id!.resolve = ({ id }: RequestLog) => encodeGlobalId('RequestLog', id);
fieldsOf('RequestLogEdge').node!.resolve = ({ node }: { node: RequestLog }) => node;

/** The schema as `schema.graphql` holds it. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
