import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getOperationAST, Kind } from 'graphql';
import { PAGE_LIMITS } from './limits.ts';
import type { ConnectionArguments } from './page-arguments.ts';

/*
 * The cost of a query is computed in two passes: the first sums the fields that are read once per row, the second those that
 * are read once per page (a count costs the same whatever the page size). The `ctx` of the complexity plugin is the pass.
 */
const ROWS = {};
const ONCE = {};

/** The cost of the field itself, and the multiplier for the fields below it. */
export interface FieldCost {
  readonly field: number;
  readonly multiplier: number;
}

/** Cost of a field that is read once for each row of the enclosing page. This is the default for all fields. */
export function perRow(cost: number) {
  return (_args: object, pass: object): FieldCost => ({ field: pass === ROWS ? cost : 0, multiplier: 1 });
}

/** Cost of a field that is read once, whatever the page size. */
export function once(cost: number) {
  return (_args: object, pass: object): FieldCost => ({ field: pass === ONCE ? cost : 0, multiplier: 1 });
}

/** Cost of one store call that returns this many rows. */
export function rowsCost(rows: number, pass: object): FieldCost {
  return pass === ROWS ? { field: 0, multiplier: rows } : { field: 1, multiplier: 1 };
}

/** Cost of a connection: one store call, and as many rows as the page can have. */
export function connectionCost({ first, last }: ConnectionArguments, pass: object): FieldCost {
  const rows = first ?? last ?? PAGE_LIMITS.default;
  // An invalid page size is rejected later; until then it must not make the cost small or negative.
  return rowsCost(Math.min(Math.max(rows, 1), PAGE_LIMITS.max), pass);
}

export interface QueryCost {
  readonly cost: number;
  /** Levels of nested fields; introspection counts as one. */
  readonly depth: number;
}

/**
 * Computes the cost of an operation without executing it. The document must be valid. Fields that `@skip` or `@include`
 * exclude are counted.
 *
 * @throws GraphQLError if the variables are not valid for the operation.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
): QueryCost {
  const operation = getOperationAST(document, operationName);
  // Execution reports an unknown operation name.
  if (operation === null || operation === undefined) return { cost: 0, depth: 0 };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const requested: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const rows = complexityFromQuery(requested, { schema, variables, ctx: ROWS });
  const calls = complexityFromQuery(requested, { schema, variables, ctx: ONCE });
  return { cost: rows.complexity + calls.complexity, depth: rows.depth };
}
