import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** Number of introspection fields that cost as much as one field of a row. */
const FIELDS_OF_UNIT = 5;

/** Types, fields and arguments of the schema, each with the number of times that the response contains it at one place. */
type Counted = ReadonlyMap<object, number>;

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** Computes the cost of `__schema` and `__type` selections: counts the fields of the response in the schema itself. */
export class IntrospectionCost {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #counts = new Map<SelectionSetNode, Map<Counted, number>>();
  readonly #below = new Map<Counted, Map<string, Counted>>();
  readonly #roots = new Map<object, Counted>();

  constructor(schema: GraphQLSchema, fragments: Fragments) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /** @param node `__schema`, `__type` or `__typename`. @param args its arguments. */
  of({ name, selectionSet }: FieldNode, args: { readonly name?: unknown }): number {
    const [root, field] =
      name.value === SchemaMetaFieldDef.name
        ? [this.#schema, SchemaMetaFieldDef]
        : [this.#schema.getType(String(args.name)), TypeMetaFieldDef];
    if (root === undefined || selectionSet === undefined) return 0;
    const objects = this.#roots.get(root) ?? new Map([[root, 1]]);
    this.#roots.set(root, objects);
    return Math.ceil(this.#fields(selectionSet, field.type, objects) / FIELDS_OF_UNIT);
  }

  #fields(set: SelectionSetNode, type: GraphQLOutputType, objects: Counted): number {
    if (objects.size === 0) return 0;
    const known = this.#counts.get(set) ?? new Map<Counted, number>();
    this.#counts.set(set, known);
    let count = known.get(objects);
    if (count !== undefined) return count;
    count = 0;
    const named = getNamedType(type) as GraphQLObjectType;
    const times = objects.values().reduce((sum, one) => sum + one, 0);
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        count += times;
        const field = named.getFields()[node.name.value];
        if (node.selectionSet !== undefined && field !== undefined) {
          count += this.#fields(
            node.selectionSet,
            field.type,
            this.#objectsBelow(objects, named, node.name.value),
          );
        }
      } else {
        const { selectionSet } =
          node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments[node.name.value]!;
        count += this.#fields(selectionSet, named, objects);
      }
    }
    known.set(objects, count);
    return count;
  }

  #objectsBelow(objects: Counted, type: GraphQLObjectType, field: string): Counted {
    const known = this.#below.get(objects) ?? new Map<string, Counted>();
    this.#below.set(objects, known);
    let below = known.get(field);
    if (below === undefined) {
      below = this.#resolved(objects, type, field);
      known.set(field, below);
    }
    return below;
  }

  #resolved(objects: Counted, type: GraphQLObjectType, field: string): Counted {
    const { resolve, type: of } = type.getFields()[field]!;
    const below = new Map<object, number>();
    if (!isObjectType(getNamedType(of))) return below;
    for (const [object, times] of objects) {
      const value: unknown = resolve!(object, { includeDeprecated: true }, {}, {
        schema: this.#schema,
      } as never);
      for (const one of [value].flat() as (object | null | undefined)[]) {
        if (one != null) below.set(one, (below.get(one) ?? 0) + times);
      }
    }
    return below;
  }
}
