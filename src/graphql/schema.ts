import { lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';
import './outcome.ts';
import './request-log.ts';
import './request-logs.ts';
import './viewer.ts';

export const schema = builder.toSchema();

/** The schema as `schema.graphql` holds it. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
