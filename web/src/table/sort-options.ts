import type { Sort } from '../state/sort.ts';
import type { ColumnName } from './column-names.ts';

export const SORT_OPTIONS: readonly (Sort & { readonly label: string })[] = [
  { field: 'CREATED_AT', direction: 'DESC', label: 'Newest first' },
  { field: 'CREATED_AT', direction: 'ASC', label: 'Oldest first' },
  { field: 'DURATION_MS', direction: 'DESC', label: 'Slowest first' },
  { field: 'DURATION_MS', direction: 'ASC', label: 'Fastest first' },
  { field: 'STATUS_CODE', direction: 'DESC', label: 'Highest status first' },
  { field: 'STATUS_CODE', direction: 'ASC', label: 'Lowest status first' },
];

/** The sort that the header of a column stands for, if there is one. */
export const SORT_FIELD_OF: Partial<Record<ColumnName, Sort['field']>> = {
  createdAt: 'CREATED_AT',
  durationMs: 'DURATION_MS',
  statusCode: 'STATUS_CODE',
};
