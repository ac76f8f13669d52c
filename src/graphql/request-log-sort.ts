import { DIRECTIONS, type Direction, SORT_FIELDS, SORTS, type SortField } from '../log/sort.ts';
import { builder } from './builder.ts';

const DIRECTION_NAMES: Readonly<Record<Direction, { name: string; description: string }>> = {
  asc: { name: 'ASC', description: 'Smallest, or oldest, first.' },
  desc: { name: 'DESC', description: 'Largest, or newest, first.' },
};

const SortFieldEnum = builder.enumType('RequestLogSortField', {
  description: 'What logs can be sorted by.',
  values: Object.fromEntries(
    SORT_FIELDS.map((value) => [SORTS[value].name, { value, description: SORTS[value].description }]),
  ) as { [name: string]: { value: SortField; description: string } },
});

const DirectionEnum = builder.enumType('SortDirection', {
  description: 'Direction of a sort; rows with equal keys follow it too, by time and id.',
  values: Object.fromEntries(
    DIRECTIONS.map((value) => [
      DIRECTION_NAMES[value].name,
      { value, description: DIRECTION_NAMES[value].description },
    ]),
  ) as { [name: string]: { value: Direction; description: string } },
});

export const RequestLogSortRef = builder.inputType('RequestLogSort', {
  description: 'Order of the logs. It is total: logs with equal keys are ordered by time, then id.',
  fields: (t) => ({
    field: t.field({ type: SortFieldEnum, required: true, description: 'What to sort by.' }),
    direction: t.field({ type: DirectionEnum, required: true, description: 'In which direction.' }),
  }),
});

/** Newest first. */
export const DEFAULT_SORT: { readonly field: SortField; readonly direction: Direction } = {
  field: 'createdAt',
  direction: 'desc',
};
