import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { StatsWork } from '../../stats/work.ts';
import { STATISTICS_UNITS } from '../limits.ts';
import type { Selected } from '../selected-fields.ts';

/** The cost of what the store reads at most. */
export function workCost({ cells, logs }: StatsWork): number {
  return Math.ceil(cells / STATISTICS_UNITS.cells + logs / STATISTICS_UNITS.logs);
}

/** The cost of the fields of buckets in the response. */
export function bucketsCost(fields: number): number {
  return Math.ceil(fields / STATISTICS_UNITS.bucketFields);
}

/** How to get below the limit if `workCost` exceeds it. */
export function lessWork({ logs }: StatsWork): string {
  return (
    `answering it reads up to ${logs} logs. Use a shorter range of time, fewer dimensions, a longer interval, ` +
    'or a filter on one of the dimensions, which roll-ups can answer.'
  );
}

/** How to get below the limit if `bucketsCost` exceeds it. */
export const FEWER_BUCKETS =
  'request a longer interval, a shorter range of time, fewer groups or fewer fields of each bucket.';

/** Cache by selection set, which is the same object in each execution of a document. */
const counts = new WeakMap<SelectionSetNode, number>();

/** Number of fields that are selected below a field, at all levels, including those that `@skip` or `@include` exclude. */
export function selectedFieldCount({ fieldNodes, fragments }: Selected): number {
  return fieldNodes.reduce((sum, { selectionSet }) => sum + countIn(selectionSet, fragments), 0);
}

function countIn(
  set: SelectionSetNode | undefined,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): number {
  if (set === undefined) return 0;
  let count = counts.get(set);
  if (count !== undefined) return count;
  count = 0;
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) count += 1 + countIn(node.selectionSet, fragments);
    else if (node.kind === Kind.INLINE_FRAGMENT) count += countIn(node.selectionSet, fragments);
    else count += countIn(fragments[node.name.value]!.selectionSet, fragments);
  }
  counts.set(set, count);
  return count;
}
