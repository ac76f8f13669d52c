import {
  assertObjectType,
  DirectiveLocation,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';

/** The directive of specs.apollo.dev/nullability, which Relay's compiler and GraphQL Code Generator read. */
export const SEMANTIC_NON_NULL = new GraphQLDirective({
  name: 'semanticNonNull',
  description: 'The field is null only if it failed: the response has an error with its path.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    levels: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLInt))),
      default: { value: [0] },
      description: 'Levels of the type that this concerns: 0 is the field, 1 the items of its list.',
    },
  },
});

/**
 * Extensions of a field that can fail while the other fields of the operation are answered. Such a field must be nullable:
 * the error of a non-null field would remove the fields around it, too.
 */
export const failsAlone = { failsAlone: true } as const;

/** Prints a schema in alphabetical order, with `@semanticNonNull` on each field that fails alone. */
export function printWithNullability(schema: GraphQLSchema): string {
  const text = printSchema(lexicographicSortSchema(schema));
  const ends: number[] = [];
  for (const definition of parse(text).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const fields = assertObjectType(schema.getType(definition.name.value)).getFields();
    for (const { name, type } of definition.fields ?? []) {
      if (fields[name.value]!.extensions.failsAlone === true) ends.push(type.loc!.end);
    }
  }
  const starts = [0, ...ends];
  const parts = starts.map((start, i) => text.slice(start, ends[i]));
  return `${parts.join(` @${SEMANTIC_NON_NULL.name}`)}\n`;
}
