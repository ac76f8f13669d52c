import type { Affected } from './affected.ts';
import type { Order } from './url.ts';

interface Group {
  readonly id: string;
  readonly measures: { readonly count: number; readonly lastCreatedAt: string | null | undefined };
}

/** The groups in an order; those that are equal in it keep theirs. */
export function sortGroups<T extends Group>(
  groups: readonly T[],
  order: Order,
  affected: ReadonlyMap<string, Affected | null>,
): readonly T[] {
  const rank = (group: T): number => {
    if (order === 'count') return group.measures.count;
    if (order === 'last') return Date.parse(group.measures.lastCreatedAt ?? '') || 0;
    const { consumers, keys } = affected.get(group.id) ?? { consumers: 0, keys: 0 };
    return consumers + keys;
  };
  return groups.toSorted((a, b) => rank(b) - rank(a));
}
