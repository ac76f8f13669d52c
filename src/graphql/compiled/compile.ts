import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql';
import { BailOut } from './bail-out.ts';
import { type CompiledField, type Complete, ignore, isPromise, objectWriter, Run } from './object-writer.ts';

/**
 * Executes a compiled operation and returns the `data` of a response without errors.
 *
 * @throws BailOut if graphql-js must execute the operation; any error that a resolver throws.
 */
export type Program = (context: object, variables: VariableValues) => Promise<object>;

/**
 * Compiles a valid query. The program can be used with all variables for which `@skip` and `@include` have the same values
 * as for these.
 *
 * @throws BailOut for mutations and subscriptions, abstract types, introspection and other directives.
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: VariableValues,
): Program {
  if (operation.operation !== OperationTypeNode.QUERY) throw new BailOut('not_compilable', 'not a query');
  const root = new Compiler(schema, document, operation, variables).query();
  return async (context, variableValues) => {
    const run = new Run(context, variableValues);
    const data = root(undefined, run);
    await run.filled();
    return data as object;
  };
}

class Compiler {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: VariableValues;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  #fieldCount = 0;

  constructor(
    schema: GraphQLSchema,
    { definitions }: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    this.#fragments = Object.fromEntries(
      definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
      ),
    );
  }

  query(): Complete {
    return this.#object(this.#schema.getQueryType()!, [this.#operation.selectionSet]);
  }

  #object(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Complete {
    const nodes = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const selection of selections) this.#collect(type, selection, nodes, spread);
    return objectWriter(new Map([...nodes].map(([key, of]) => [key, this.#field(type, key, of)])));
  }

  #field(type: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): CompiledField | string {
    const node = nodes[0]!;
    if (node.name.value === '__typename') return type.name;
    const definition = type.getFields()[node.name.value];
    if (definition === undefined) throw new BailOut('not_compilable', 'introspection');
    return {
      key,
      node,
      definition,
      number: this.#fieldCount++,
      info: this.#info(type, definition, nodes),
      complete: this.#complete(definition.type, nodes),
    };
  }

  /**
   * Shared by all rows and executions. Our resolvers read only these properties; reading any other, such as `path`, bails
   * out.
   */
  #info(
    parentType: GraphQLObjectType,
    { name, type }: GraphQLField<unknown, unknown>,
    fieldNodes: readonly FieldNode[],
  ): GraphQLResolveInfo {
    const known = {
      fieldName: name,
      fieldNodes,
      returnType: type,
      parentType,
      schema: this.#schema,
      fragments: this.#fragments,
      operation: this.#operation,
      rootValue: undefined,
    };
    return new Proxy(known, {
      get(target, property) {
        if (Object.hasOwn(target, property)) return Reflect.get(target, property);
        throw new BailOut('not_compilable', `a resolver reads info.${String(property)}`);
      },
    }) as GraphQLResolveInfo;
  }

  #complete(type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
    if (isNonNullType(type)) {
      const complete = this.#complete(type.ofType, nodes);
      return (value, run) => notNull(complete(value, run));
    }
    if (isListType(type)) return nullable(list(this.#complete(type.ofType, nodes)));
    if (isLeafType(type)) return nullable((value) => notNull(type.coerceOutputValue(value)));
    if (isAbstractType(type)) throw new BailOut('not_compilable', 'an abstract type');
    if (type.isTypeOf != null) throw new BailOut('not_compilable', 'a type with isTypeOf');
    return nullable(
      this.#object(
        type,
        nodes.map(({ selectionSet }) => selectionSet!),
      ),
    );
  }

  /** Collects the fields of a selection set by response key and expands fragments (the specification's CollectFields). */
  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    nodes: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const known = nodes.get(key);
        if (known === undefined) nodes.set(key, [selection]);
        else known.push(selection);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
      }
      const { typeCondition, selectionSet } =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments[selection.name.value]! : selection;
      if (this.#isOf(type, typeCondition?.name.value)) this.#collect(type, selectionSet, nodes, spread);
    }
  }

  #isOf(type: GraphQLObjectType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.#schema.getType(condition);
    return isAbstractType(wanted) && this.#schema.isSubType(wanted, type);
  }

  #isIncluded(selection: SelectionNode): boolean {
    const { directives = [] } = selection;
    if (directives.length === 0) return true;
    if (!directives.every(isCondition)) throw new BailOut('not_compilable', 'a directive');
    return (
      getDirectiveValues(GraphQLSkipDirective, selection, this.#variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables)?.if !== false
    );
  }
}

/** Returns whether this is `@skip` or `@include`: they depend on variables only, so they can be compiled. */
function isCondition({ name }: { readonly name: { readonly value: string } }): boolean {
  return name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;
}

function nullable(complete: Complete): Complete {
  return (value, run) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(value, run);
  };
}

function notNull(value: unknown): unknown {
  if (value === null || value === undefined) throw new BailOut('value', 'null for a non-null field');
  return value;
}

function list(complete: Complete): Complete {
  return (value, run) => {
    if (!Array.isArray(value)) throw new BailOut('value', 'a list that is not an array');
    const result: unknown[] = new Array(value.length);
    try {
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i];
        if (isPromise(item)) {
          result[i] = undefined;
          run.wait(item, (settled) => {
            result[i] = complete(settled, run);
          });
        } else result[i] = complete(item, run);
      }
    } catch (error) {
      ignore(value);
      throw error;
    }
    return result;
  };
}
