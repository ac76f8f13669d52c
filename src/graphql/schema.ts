import { assertObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import type { RequestLog } from '../log/request-log.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';
import './outcome.ts';
import './request-log.ts';
import './request-logs.ts';
import './viewer.ts';

export const schema = builder.toSchema();

// The Relay plugin gives each id as a promise; a page has a hundred.
assertObjectType(schema.getType('RequestLog')).getFields().id!.resolve = ({ id }: RequestLog) =>
  encodeGlobalId('RequestLog', id);

/** The schema as `schema.graphql` holds it. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
