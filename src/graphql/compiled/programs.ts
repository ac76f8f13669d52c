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
}

/** What is kept: characters of all texts together, and programs of one operation. */
export const KEPT = { characters: 1_000_000, programs: 16 } as const;

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
