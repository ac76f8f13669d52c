import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getOperationAST, Kind } from 'graphql';
import { PAGE_LIMITS } from './limits.ts';
import type { ConnectionArguments } from './page-arguments.ts';

/*
 * A query is summed up twice: over what is read for each row of a page, and over what is read once, however many rows
 * the page has (a count costs the same beside one row as beside a hundred). A field is told which by its context.
 */
const ROWS = {};
const ONCE = {};

/** What a field costs by itself, and how often what it holds is paid. */
export interface FieldCost {
  readonly field: number;
  readonly multiplier: number;
}

/** A field that is read for each row of the page around it; every field is, unless it says otherwise. */
export function perRow(cost: number) {
  return (_args: object, pass: object): FieldCost => ({ field: pass === ROWS ? cost : 0, multiplier: 1 });
}

/** A field that is read once, whatever the size of the page. */
export function once(cost: number) {
  return (_args: object, pass: object): FieldCost => ({ field: pass === ONCE ? cost : 0, multiplier: 1 });
}

/** One call that gives this many rows. */
export function rowsCost(rows: number, pass: object): FieldCost {
  return pass === ROWS ? { field: 0, multiplier: rows } : { field: 1, multiplier: 1 };
}

/** A connection: one call, and as many rows as its page may have. */
export function connectionCost({ first, last }: ConnectionArguments, pass: object): FieldCost {
  const rows = first ?? last ?? PAGE_LIMITS.default;
  // A size that is refused later must not make the query cheap, or less than nothing.
  return rowsCost(Math.min(Math.max(rows, 1), PAGE_LIMITS.max), pass);
}

export interface QueryCost {
  readonly cost: number;
  /** Levels of fields; introspection counts as one. */
  readonly depth: number;
}

/**
 * What an operation costs, before any of it is done. The document must be valid; what `@skip` may leave out is counted.
 *
 * @throws GraphQLError where the variables do not fit.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
): QueryCost {
  const operation = getOperationAST(document, operationName);
  // Execution says what is wrong with the name.
  if (operation === null || operation === undefined) return { cost: 0, depth: 0 };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const requested: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const rows = complexityFromQuery(requested, { schema, variables, ctx: ROWS });
  const calls = complexityFromQuery(requested, { schema, variables, ctx: ONCE });
  return { cost: rows.complexity + calls.complexity, depth: rows.depth };
}
