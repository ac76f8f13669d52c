import {
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type VariableValues,
  visit,
} from 'graphql';
import { CountedCache } from '../../lib/counted-cache.ts';
import { costOf, type QueryCost } from '../query-cost.ts';
import { BailOut } from './bail-out.ts';
import { compile, type Program } from './compile.ts';

/** An operation that is valid and has been executed before. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Names of the variables that `@skip` and `@include` use. */
  readonly conditions: readonly string[];
  /** Compiled programs by the values of `conditions`. */
  readonly programs: Map<string, Program | BailOut>;
  /** Unique for each operation in this process. */
  readonly number: number;
}

/**
 * Cache limits. `characters`: total length of all operation texts, each counted once plus once per program (20 to 30 MB of
 * memory in total). `programs`: programs per operation. `costs`: cached costs. `variables`: maximum length of the variables
 * of a cached cost, in characters of JSON.
 */
export const KEPT = { characters: 500_000, programs: 16, costs: 1_000, variables: 200 } as const;

/**
 * Least-recently-used cache of operations, by text (or by id for an allowed operation) and operation name, and of their
 * costs, by variables. The entries hold no data of callers or responses, and all callers share them.
 */
export class Programs {
  readonly #schema: GraphQLSchema;
  readonly operations = new CountedCache<Operation>({
    maxWeight: KEPT.characters,
    weigh: ({ programs }, key) => key.length * (1 + programs.size),
  });
  /** By operation number and variables as JSON. */
  readonly costs = new CountedCache<QueryCost>({ max: KEPT.costs });
  #added = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Adds an operation. @param document is valid and has been executed. */
  add(key: string, document: DocumentNode, operationName: string | null): void {
    const operation = getOperationAST(document, operationName);
    if (operation == null || this.operations.has(key)) return;
    this.operations.set(key, {
      document,
      operation,
      conditions: conditionsOf(document),
      programs: new Map(),
      number: this.#added++,
    });
  }

  /** @throws BailOut if the operation is not cached. */
  operation(key: string): Operation {
    const known = this.operations.get(key);
    if (known === undefined) throw new BailOut('unknown_operation', 'the operation is not known');
    return known;
  }

  /** Coerces variables. @throws BailOut if they are not valid for the operation. */
  variables({ operation }: Operation, sent: Readonly<Record<string, unknown>>): VariableValues {
    const { variableValues } = getVariableValues(this.#schema, operation.variableDefinitions ?? [], sent, {
      maxErrors: 1,
    });
    if (variableValues === undefined) throw new BailOut('variables', 'the variables are not valid');
    return variableValues;
  }

  /** Returns the same as `costOf`, and caches it by the JSON text of the variables. */
  cost({ document, operation, number }: Operation, sent: Readonly<Record<string, unknown>>): QueryCost {
    const text = JSON.stringify(sent);
    const key = `${number} ${text}`;
    const known = this.costs.get(key);
    if (known !== undefined) return known;
    const cost = costOf(this.#schema, document, operation.name?.value, sent);
    if (text.length <= KEPT.variables) this.costs.set(key, cost);
    return cost;
  }

  /** Returns the program for these variables and compiles it if necessary. @throws BailOut if it cannot be compiled. */
  program(key: string, known: Operation, variables: VariableValues): Program {
    const { document, operation, conditions, programs } = known;
    const values = conditions.map((name) => String(variables.coerced[name])).join();
    let program = programs.get(values);
    if (program === undefined) {
      if (programs.size >= KEPT.programs) throw new BailOut('too_many_variants', 'too many variants');
      program = compiled(() => compile(this.#schema, document, operation, variables));
      programs.set(values, program);
      this.operations.set(key, known);
    }
    if (program instanceof BailOut) throw program;
    return program;
  }
}

function compiled(make: () => Program): Program | BailOut {
  try {
    return make();
  } catch (error) {
    if (error instanceof BailOut) return error;
    throw error;
  }
}

function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }: DirectiveNode) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
