import { partsOf } from '../filter/filter-parts.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';

/**
 * A filter without some of the conditions that are joined by "and" in it. The filter of a group is that of the question and the key of
 * the group: the range of time stands in the URL by itself, so that a relative one stays relative.
 *
 * @param removed filters of one field each.
 */
export function withoutConditions(
  filter: RequestLogFilter,
  removed: readonly RequestLogFilter[],
): RequestLogFilter {
  const { and: _, ...fields } = filter;
  const isRemoved = (field: string, value: unknown) =>
    removed.some((other) => JSON.stringify(other) === JSON.stringify({ [field]: value }));
  const own = Object.fromEntries(Object.entries(fields).filter(([field, value]) => !isRemoved(field, value)));
  const parts = partsOf(filter)
    .map((part) => withoutConditions(part, removed))
    .filter((part) => Object.keys(part).length > 0);
  if (Object.keys(own).length > 0) parts.push(own);
  return parts.length > 1 ? { and: parts } : (parts[0] ?? {});
}
