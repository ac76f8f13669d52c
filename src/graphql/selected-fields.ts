import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { LOG_FIELDS, type LogField } from '../log/fields.ts';
import { eachPart } from '../log/payload.ts';

/** What the fields of `RequestLog` read that do not show the log's own field of their name. */
const READS: Readonly<Record<string, readonly LogField[]>> = {
  __typename: [],
  id: [],
  outcome: ['statusCode'],
  ...eachPart(() => []),
  ...Object.fromEntries(LOG_FIELDS.map((name) => [name, [name]])),
};

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** By the node of the field, which is the same in each execution of a document. */
const known = new WeakMap<FieldNode, readonly LogField[]>();

/** What of each log a connection's selection reads, whatever `@skip` and `@include` leave out. */
export function selectedFields(info: Info): readonly LogField[] {
  const [node, ...others] = info.fieldNodes;
  // Of several nodes, which are executed may differ from one execution to the next.
  if (others.length > 0) return selectedBy(info);
  const before = known.get(node!);
  if (before !== undefined) return before;
  const fields = selectedBy(info);
  known.set(node!, fields);
  return fields;
}

function selectedBy({ fieldNodes, fragments }: Info): readonly LogField[] {
  const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const below = (of: readonly SelectionSetNode[]) => fieldsOf(of, fragments);
  const connection = below(selections);
  const rows = [
    ...(below(connection.get('edges') ?? []).get('node') ?? []),
    ...(connection.get('nodes') ?? []),
  ];
  // A field of which it is not known what it reads may read anything.
  const fields = [...below(rows).keys()].flatMap((name) => READS[name] ?? LOG_FIELDS);
  return [...new Set(fields)];
}

/** The selections below each field of these, by its name, each fragment spread once. */
function fieldsOf(
  sets: readonly SelectionSetNode[],
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): Map<string, SelectionSetNode[]> {
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
