import { DIRECTIONS, type Direction, SORT_FIELDS, SORTS, type SortField } from '../log/sort.ts';
import { builder } from './builder.ts';

const DIRECTION_NAMES: Readonly<Record<Direction, { name: string; description: string }>> = {
  asc: { name: 'ASC', description: 'Ascending: smallest or oldest first.' },
  desc: { name: 'DESC', description: 'Descending: largest or newest first.' },
};

const SortFieldEnum = builder.enumType('RequestLogSortField', {
  description: 'Fields by which logs can be sorted.',
  values: Object.fromEntries(
    SORT_FIELDS.map((value) => [SORTS[value].name, { value, description: SORTS[value].description }]),
  ) as { [name: string]: { value: SortField; description: string } },
});

export const DirectionEnum = builder.enumType('SortDirection', {
  description: 'Direction of a sort. It also applies to time and id, which order logs with equal values.',
  values: Object.fromEntries(
    DIRECTIONS.map((value) => [
      DIRECTION_NAMES[value].name,
      { value, description: DIRECTION_NAMES[value].description },
    ]),
  ) as { [name: string]: { value: Direction; description: string } },
});

export const RequestLogSortRef = builder.inputType('RequestLogSort', {
  description:
    'Order of the logs. The order is total: logs with equal values are ordered by time, then by id.',
  fields: (t) => ({
    field: t.field({ type: SortFieldEnum, required: true, description: 'Field to sort by.' }),
    direction: t.field({ type: DirectionEnum, required: true, description: 'Direction of the sort.' }),
  }),
});

/** Newest first. */
export const DEFAULT_SORT: { readonly field: SortField; readonly direction: Direction } = {
  field: 'createdAt',
  direction: 'desc',
};
