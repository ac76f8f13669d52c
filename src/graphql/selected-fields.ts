import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { LOG_FIELDS, type LogField } from '../log/fields.ts';
import { mapPayloadParts } from '../log/payload.ts';

/** The log fields that each GraphQL field of `RequestLog` reads: usually the log field of the same name. */
const READS: Readonly<Record<string, readonly LogField[]>> = {
  __typename: [],
  id: [],
  outcome: ['statusCode'],
  ...mapPayloadParts(() => []),
  ...Object.fromEntries(LOG_FIELDS.map((name) => [name, [name]])),
};

export type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** Returns the log fields that the selection of a connection reads, including those that `@skip` or `@include` exclude. */
export const selectedFields = cached((selections, fragments) => {
  const below = (of: readonly SelectionSetNode[]) => fieldsOf(of, fragments);
  const connection = below(selections);
  const rows = [
    ...(below(connection.get('edges') ?? []).get('node') ?? []),
    ...(connection.get('nodes') ?? []),
  ];
  return readBy(rows, fragments);
});

/** Like `selectedFields`, for a field that returns a log. */
export const selectedLogFields = cached(readBy);

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** Caches by field node, which is the same object in each execution of a document. */
function cached(
  select: (selections: readonly SelectionSetNode[], fragments: Fragments) => readonly LogField[],
): (info: Selected) => readonly LogField[] {
  const cache = new WeakMap<FieldNode, readonly LogField[]>();
  return ({ fieldNodes, fragments }) => {
    const [node, ...others] = fieldNodes;
    // With several nodes, the set that is executed can differ between executions, so the result is not cached.
    const known = others.length === 0 ? cache.get(node!) : undefined;
    if (known !== undefined) return known;
    const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const fields = select(selections, fragments);
    if (others.length === 0) cache.set(node!, fields);
    return fields;
  };
}

function readBy(logs: readonly SelectionSetNode[], fragments: Fragments): readonly LogField[] {
  // A field that is not in `READS` could read any log field.
  const fields = [...fieldsOf(logs, fragments).keys()].flatMap((name) => READS[name] ?? LOG_FIELDS);
  return [...new Set(fields)];
}

/** Returns the selection sets below each field, by field name. Each fragment is expanded once. */
function fieldsOf(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, SelectionSetNode[]> {
  const found = new Map<string, SelectionSetNode[]>();
  const spread = new Set<string>();
  const queue = [...sets];
  for (const { selections } of queue) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { name, selectionSet } = selection;
        const below = found.get(name.value) ?? [];
        if (selectionSet !== undefined) below.push(selectionSet);
        found.set(name.value, below);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) queue.push(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        queue.push(fragments[selection.name.value]!.selectionSet);
      }
    }
  }
  return found;
}
