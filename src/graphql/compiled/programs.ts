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
import { LRUCache } from 'lru-cache';
import { costOf, type QueryCost } from '../query-cost.ts';
import { compile, type Program } from './compile.ts';
import { Refused } from './refused.ts';

/** An operation that was parsed, found valid, and answered before. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Variables that `@skip` and `@include` ask. */
  readonly conditions: readonly string[];
  /** By the values of those. */
  readonly programs: Map<string, Program | Refused>;
  /** By the text of all variables. */
  readonly costs: Map<string, QueryCost>;
}

/** What is kept: characters of all texts together, programs and costs of one operation, characters of its variables. */
export const KEPT = { characters: 1_000_000, programs: 16, costs: 16, variables: 200 } as const;

/**
 * Operations by their text, or by the id of an allowed one, and their name: the least recently used give way. They hold
 * nothing of whoever sent them, nor of any answer.
 */
export class Programs {
  readonly #schema: GraphQLSchema;
  readonly #operations: LRUCache<string, Operation>;
  #hits = 0;
  #evictions = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    this.#operations = new LRUCache({
      maxSize: KEPT.characters,
      sizeCalculation: (_, key) => key.length,
      dispose: (_operation, _key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
      },
    });
  }

  get size(): number {
    return this.#operations.size;
  }

  /** Of all texts together. */
  get characters(): number {
    return this.#operations.calculatedSize;
  }

  /** How often what was asked was known. */
  get hits(): number {
    return this.#hits;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** @param document was answered as it is; it is valid. */
  learn(key: string, document: DocumentNode, operationName: string | null): void {
    const operation = getOperationAST(document, operationName);
    if (operation == null || this.#operations.has(key)) return;
    this.#operations.set(key, {
      document,
      operation,
      conditions: conditionsOf(document),
      programs: new Map(),
      costs: new Map(),
    });
  }

  /** @throws Refused where it is not known. */
  operation(key: string): Operation {
    const known = this.#operations.get(key);
    if (known === undefined) throw new Refused('not known');
    this.#hits += 1;
    return known;
  }

  /** @throws Refused where the variables do not fit. */
  variables({ operation }: Operation, sent: Readonly<Record<string, unknown>>): VariableValues {
    const { variableValues } = getVariableValues(this.#schema, operation.variableDefinitions ?? [], sent);
    if (variableValues === undefined) throw new Refused('variables that do not fit');
    return variableValues;
  }

  /** As `costOf`, reckoned once for each of the last few that were asked with these variables, to the letter. */
  cost({ document, operation, costs }: Operation, sent: Readonly<Record<string, unknown>>): QueryCost {
    const reckoned = () => costOf(this.#schema, document, operation.name?.value, sent);
    const key = JSON.stringify(sent);
    if (key.length > KEPT.variables) return reckoned();
    const known = costs.get(key);
    if (known !== undefined) return known;
    const cost = reckoned();
    if (costs.size >= KEPT.costs) costs.delete(costs.keys().next().value!);
    costs.set(key, cost);
    return cost;
  }

  /** @throws Refused where it cannot be compiled. */
  program({ document, operation, conditions, programs }: Operation, variables: VariableValues): Program {
    const values = conditions.map((name) => String(variables.coerced[name])).join();
    let program = programs.get(values);
    if (program === undefined) {
      if (programs.size >= KEPT.programs) throw new Refused('conditions in too many ways');
      program = compiled(() => compile(this.#schema, document, operation, variables));
      programs.set(values, program);
    }
    if (program instanceof Refused) throw program;
    return program;
  }
}

function compiled(make: () => Program): Program | Refused {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refused) return error;
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
