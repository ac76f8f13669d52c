import { getMappedArgumentValues } from '@pothos/core';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql';
import { IntrospectionCost } from './introspection-cost.ts';
import { PAGE_LIMITS } from './limits.ts';
import type { ConnectionArguments } from './page-arguments.ts';

/** The cost of the field itself, and the number of rows that it returns. */
interface FieldCost {
  /** Charged for each row of the enclosing page. */
  readonly perRow: number;
  /** Charged once, whatever the size of that page. A count costs the same for one row as for a hundred. */
  readonly once: number;
  /** The multiplier for the fields below. */
  readonly rows: number;
  /** Whether the fields below are charged once as well. Default: for each row of the enclosing page. */
  readonly single?: true;
}

/** Stored in the `extensions` of a field: returns the cost for these arguments. */
type CostOf<Args = never> = (args: Args) => FieldCost;

/** Cost of a field that is read once for each row of the enclosing page. Default for all fields: 1. */
export function perRow(cost: number): { cost: CostOf } {
  return { cost: () => ({ perRow: cost, once: 0, rows: 1 }) };
}

/** Cost of a field that is read once, whatever the page size. */
export function once<Args>(cost: number | ((args: Args) => number)): { cost: CostOf<Args> } {
  return { cost: (args) => ({ perRow: 0, once: typeof cost === 'number' ? cost : cost(args), rows: 1 }) };
}

/** Cost of an object, and of all fields below, that is read once, whatever the page size. */
export function single(cost: number): { cost: CostOf } {
  return { cost: () => ({ perRow: 0, once: cost, rows: 1, single: true }) };
}

/** Cost of one store call that returns this many rows. @param cost of the call itself. Default: 1. */
export function rows<Args>(count: (args: Args) => number, cost = 1): { cost: CostOf<Args> } {
  return { cost: (args) => ({ perRow: 0, once: cost, rows: count(args) }) };
}

/** Cost of objects that are looked up by their ids: 1 for each, and the fields below for each. */
export function perId<Args>(count: (args: Args) => number): { cost: CostOf<Args> } {
  return { cost: (args) => ({ perRow: 0, once: Math.max(1, count(args)), rows: count(args) }) };
}

/** The number of rows that a page can have. */
export function pageRows({ first, last }: ConnectionArguments): number {
  // An invalid page size is rejected later; until then it must not make the cost small or negative.
  return Math.min(Math.max(first ?? last ?? PAGE_LIMITS.default, 1), PAGE_LIMITS.max);
}

const PLAIN = perRow(1).cost;
/** The cost of `__typename`, `__schema` and `__type` without the fields below. */
const META: FieldCost = { perRow: 1, once: 1, rows: 1 };

export interface QueryCost {
  readonly cost: number;
  /** Levels of nested fields; introspection counts as one. */
  readonly depth: number;
}

/**
 * Computes the cost of the fields of an operation without executing it. The document must be valid. Fields that `@skip` or
 * `@include` exclude are counted.
 *
 * @param hideSuggestions whether messages about variables must not suggest names of the schema. Default: false.
 * @throws GraphQLError if the variables are not valid for the operation.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
  hideSuggestions = false,
): QueryCost {
  const operation = getOperationAST(document, operationName);
  // Yoga reports an unknown operation name.
  if (operation === null || operation === undefined) return { cost: 0, depth: 0 };
  const { variableDefinitions = [], selectionSet } = operation;
  const { errors, variableValues } = getVariableValues(schema, variableDefinitions, variables, {
    maxErrors: 1,
    hideSuggestions,
  });
  if (errors !== undefined) throw errors[0];
  const type = schema.getRootType(operation.operation)!;
  const costs = new Costs(schema, document, variableValues).of(selectionSet, type);
  return { cost: costs.perRow + costs.once, depth: costs.depth };
}

interface SelectionCost {
  readonly perRow: number;
  readonly once: number;
  readonly depth: number;
}

class Costs {
  readonly #schema: GraphQLSchema;
  readonly #variables: VariableValues;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly #introspection: IntrospectionCost;
  /** Without it, fragments that spread each other twice would take exponential time. */
  readonly #known = new Map<SelectionSetNode, Map<GraphQLCompositeType, SelectionCost>>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode, variables: VariableValues) {
    this.#schema = schema;
    this.#variables = variables;
    const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = Object.fromEntries(fragments.map((node) => [node.name.value, node]));
    this.#introspection = new IntrospectionCost(schema, this.#fragments);
  }

  of(set: SelectionSetNode, type: GraphQLCompositeType): SelectionCost {
    const known = this.#known.get(set) ?? new Map<GraphQLCompositeType, SelectionCost>();
    this.#known.set(set, known);
    let cost = known.get(type);
    if (cost === undefined) {
      cost = set.selections.map((node) => this.#selection(node, type)).reduce(sum, NOTHING);
      known.set(type, cost);
    }
    return cost;
  }

  #selection(node: SelectionNode, type: GraphQLCompositeType): SelectionCost {
    if (node.kind === Kind.FIELD) return this.#field(node, type);
    const { typeCondition, selectionSet } =
      node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments[node.name.value]! : node;
    const narrowed = typeCondition === undefined ? type : this.#schema.getType(typeCondition.name.value);
    return this.of(selectionSet, narrowed as GraphQLCompositeType);
  }

  #field(node: FieldNode, type: GraphQLCompositeType): SelectionCost {
    const field = this.#schema.getField(type, node.name.value)!;
    const args = this.#argumentsOf(field, node);
    if (field.name.startsWith('__')) {
      return { ...META, once: META.once + this.#introspection.of(node, args), depth: 1 };
    }
    const costOfField = (field.extensions.cost as CostOf | undefined) ?? PLAIN;
    const { perRow, once, rows, single } = costOfField(args as never);
    const named = getNamedType(field.type);
    if (node.selectionSet === undefined || !isCompositeType(named)) return { perRow, once, depth: 1 };
    const below = this.of(node.selectionSet, named);
    const depth = 1 + below.depth;
    if (single) return { perRow, once: once + below.once + below.perRow, depth };
    return { perRow: perRow + rows * below.perRow, once: once + below.once, depth };
  }

  #argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
    if (field.args.length === 0) return {};
    const info = { schema: this.#schema, fragments: this.#fragments, variableValues: this.#variables };
    return getMappedArgumentValues(field, node, {}, info as never) as Record<string, unknown>;
  }
}

const NOTHING: SelectionCost = { perRow: 0, once: 0, depth: 0 };

function sum(one: SelectionCost, other: SelectionCost): SelectionCost {
  return {
    perRow: one.perRow + other.perRow,
    once: one.once + other.once,
    depth: Math.max(one.depth, other.depth),
  };
}
