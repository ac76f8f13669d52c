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

/** An operation that was parsed, found valid, and answered before. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Variables that `@skip` and `@include` use. */
  readonly conditions: readonly string[];
  /** By the values of those. */
  readonly programs: Map<string, Program | BailOut>;
  /** Different for each operation that was ever compiled. */
  readonly number: number;
}

/**
 * What is kept: characters of all texts together, each counted once and once more for each of its programs (20 to 30 MB
 * in all); programs of one operation; costs, each with so many characters of variables.
 */
export const KEPT = { characters: 500_000, programs: 16, costs: 1_000, variables: 200 } as const;

/**
 * Operations by their text, or by the id of an allowed one, and their name: the least recently used give way. They hold
 * nothing of a caller or an answer. Beside them are costs by the text of the variables, which are the same for every caller.
 */
export class Programs {
  readonly #schema: GraphQLSchema;
  readonly operations = new CountedCache<Operation>({
    maxWeight: KEPT.characters,
    weigh: ({ programs }, key) => key.length * (1 + programs.size),
  });
  /** By the number of the operation and the text of all variables. */
  readonly costs = new CountedCache<QueryCost>({ max: KEPT.costs });
  #added = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @param document was answered as it is; it is valid. */
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

  /** @throws BailOut if it is not known. */
  operation(key: string): Operation {
    const known = this.operations.get(key);
    if (known === undefined) throw new BailOut('unknown_operation', 'the operation is not known');
    return known;
  }

  /** @throws BailOut if the variables do not fit. */
  variables({ operation }: Operation, sent: Readonly<Record<string, unknown>>): VariableValues {
    const { variableValues } = getVariableValues(this.#schema, operation.variableDefinitions ?? [], sent);
    if (variableValues === undefined) throw new BailOut('variables', 'the variables do not fit');
    return variableValues;
  }

  /** As `costOf`; computed once for variables whose text was seen before. */
  cost({ document, operation, number }: Operation, sent: Readonly<Record<string, unknown>>): QueryCost {
    const text = JSON.stringify(sent);
    const key = `${number} ${text}`;
    const known = this.costs.get(key);
    if (known !== undefined) return known;
    const cost = costOf(this.#schema, document, operation.name?.value, sent);
    if (text.length <= KEPT.variables) this.costs.set(key, cost);
    return cost;
  }

  /** @throws BailOut if it cannot be compiled. */
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
