import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { VALIDATION_LIMITS } from './limits.ts';

/** A field of a merged selection. */
interface Field {
  readonly node: FieldNode;
  readonly parent: GraphQLCompositeType;
  readonly type: GraphQLOutputType;
}

/** Selection sets that are merged in the response, each with its parent type. */
type Selections = ReadonlyMap<SelectionSetNode, GraphQLCompositeType>;

/**
 * Returns the first conflict between fields with the same response name, or null if all fields can be merged. Accepts and
 * rejects the same documents as `OverlappingFieldsCanBeMergedRule` of graphql-js, which compares every pair of fields and
 * of fragments. This function merges selection sets as execution does, and compares each field with the first of its name.
 *
 * @param document valid by every other rule.
 * @throws GraphQLError if merging takes more than `VALIDATION_LIMITS.mergeSteps` steps.
 */
export function mergeConflict(schema: GraphQLSchema, document: DocumentNode): GraphQLError | null {
  const merge = new Merge(schema, document);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const conflict = merge.conflictIn(node);
    if (conflict !== null) return conflict;
  }
  return null;
}

class Merge {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #numbers = new Map<SelectionSetNode, number>();
  readonly #argumentTexts = new Map<FieldNode, string>();
  readonly #checked = { names: new Set<string>(), shapes: new Set<string>() };
  #steps = 0;

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    for (const node of definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  conflictIn({ operation, selectionSet }: OperationDefinitionNode): GraphQLError | null {
    const root: Selections = new Map([[selectionSet, this.#schema.getRootType(operation)!]]);
    return this.#namesConflict(root, []) ?? this.#shapesConflict(root, []);
  }

  /** Fields that can belong to the same object must have the same name and arguments. */
  #namesConflict(selections: Selections, path: readonly string[]): GraphQLError | null {
    if (this.#isChecked('names', selections)) return null;
    for (const [name, fields] of this.#fieldsOf(selections)) {
      const at = [...path, name];
      for (const together of this.#ofOneObject(fields)) {
        const [first, ...others] = together as [Field, ...Field[]];
        for (const other of others) {
          const reason = this.#difference(first.node, other.node);
          if (reason !== null) return conflict(at, reason, first, other);
        }
        const found = this.#namesConflict(below(together), at);
        if (found !== null) return found;
      }
    }
    return null;
  }

  /** Fields of different object types can differ, but their values must have the same shape. */
  #shapesConflict(selections: Selections, path: readonly string[]): GraphQLError | null {
    if (this.#isChecked('shapes', selections)) return null;
    for (const [name, fields] of this.#fieldsOf(selections)) {
      const at = [...path, name];
      // graphql-js does not compare the type of `__typename`.
      const [first, ...others] = fields.filter(({ node }) => !node.name.value.startsWith('__'));
      for (const other of others) {
        if (shapeOf(first!.type) === shapeOf(other.type)) continue;
        const reason = `they return conflicting types "${first!.type}" and "${other.type}"`;
        return conflict(at, reason, first!, other);
      }
      const found = this.#shapesConflict(below(fields), at);
      if (found !== null) return found;
    }
    return null;
  }

  /** Returns whether these selection sets were merged before. Otherwise fragments would be merged again on each path to them. */
  #isChecked(what: 'names' | 'shapes', selections: Selections): boolean {
    if (selections.size === 0) return true;
    const numbers = [...selections.keys()].map((set) => this.#numberOf(set));
    this.#step(numbers.length);
    const key = numbers.sort((a, b) => a - b).join();
    const { [what]: checked } = this.#checked;
    if (checked.has(key)) return true;
    checked.add(key);
    return false;
  }

  #numberOf(set: SelectionSetNode): number {
    const known = this.#numbers.get(set) ?? this.#numbers.size;
    this.#numbers.set(set, known);
    return known;
  }

  /** Collects fields by response name. Each fragment is spread once. */
  #fieldsOf(selections: Selections): Map<string, Field[]> {
    const fields = new Map<string, Field[]>();
    const spread = new Set<string>();
    const queue = [...selections];
    for (const [{ selections: nodes }, parent] of queue) {
      this.#step(nodes.length);
      for (const node of nodes) {
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value;
          const { type } = this.#schema.getField(parent, node.name.value)!;
          const field = { node, parent, type };
          const known = fields.get(name);
          if (known === undefined) fields.set(name, [field]);
          else known.push(field);
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          queue.push([node.selectionSet, this.#typeNamed(node.typeCondition?.name.value) ?? parent]);
        } else if (!spread.has(node.name.value)) {
          spread.add(node.name.value);
          const { selectionSet, typeCondition } = this.#fragments.get(node.name.value)!;
          queue.push([selectionSet, this.#typeNamed(typeCondition.name.value)!]);
        }
      }
    }
    return fields;
  }

  #typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    return name === undefined ? undefined : (this.#schema.getType(name) as GraphQLCompositeType);
  }

  /** Groups the fields that can belong to the same object: those of one object type with those of interfaces and unions. */
  #ofOneObject(fields: readonly Field[]): readonly (readonly Field[])[] {
    if (fields.length === 1) return [fields];
    const byType = Map.groupBy(fields, ({ parent }) => (isObjectType(parent) ? parent : null));
    const ofAny = byType.get(null) ?? [];
    byType.delete(null);
    if (byType.size === 0) return [ofAny];
    return [...byType.values()].map((own) => {
      this.#step(ofAny.length);
      return [...ofAny, ...own];
    });
  }

  #difference(first: FieldNode, other: FieldNode): string | null {
    const [name, otherName] = [first.name.value, other.name.value];
    if (name !== otherName) return `"${name}" and "${otherName}" are different fields`;
    const isSame = this.#argumentsOf(first) === this.#argumentsOf(other);
    return isSame ? null : 'they have differing arguments';
  }

  /** Returns a text that is equal for equal arguments, in any order. */
  #argumentsOf(node: FieldNode): string {
    const { arguments: given = [] } = node;
    if (given.length === 0) return '';
    const known = this.#argumentTexts.get(node);
    if (known !== undefined) return known;
    const text = textOfFields(given);
    this.#argumentTexts.set(node, text);
    return text;
  }

  #step(count: number): void {
    this.#steps += count;
    if (this.#steps <= VALIDATION_LIMITS.mergeSteps) return;
    throw new GraphQLError(
      `Merging fields with the same name takes more than ${VALIDATION_LIMITS.mergeSteps} steps: use fewer fragments that spread other fragments.`,
    );
  }
}

/** The selection sets of these fields. */
function below(fields: readonly Field[]): Selections {
  const selections = new Map<SelectionSetNode, GraphQLCompositeType>();
  for (const { node, type } of fields) {
    const named = getNamedType(type);
    if (node.selectionSet !== undefined && isCompositeType(named)) selections.set(node.selectionSet, named);
  }
  return selections;
}

/** The shape of a value: its lists, its nullability and, for a leaf, its type. */
function shapeOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return `${shapeOf(type.ofType)}!`;
  if (isListType(type)) return `[${shapeOf(type.ofType)}]`;
  return isCompositeType(type) ? '{}' : type.name;
}

function textOfFields(
  fields: readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[],
) {
  return fields
    .map(({ name, value }) => `${name.value}:${textOf(value)}`)
    .sort()
    .join();
}

function textOf(node: ValueNode): string {
  switch (node.kind) {
    case Kind.VARIABLE:
      return `$${node.name.value}`;
    case Kind.LIST:
      return `[${node.values.map(textOf).join()}]`;
    case Kind.OBJECT:
      return `{${textOfFields(node.fields)}}`;
    case Kind.STRING:
      return `${node.block === true ? 'block' : ''}${JSON.stringify(node.value)}`;
    case Kind.NULL:
      return 'null';
    default:
      return `${node.kind} ${node.value}`;
  }
}

function conflict(path: readonly string[], reason: string, first: Field, other: Field): GraphQLError {
  return new GraphQLError(
    `Fields "${path.join('.')}" conflict because ${reason}. Use different aliases on the fields to fetch both if this was intentional.`,
    { nodes: [first.node, other.node] },
  );
}
