import { createParser } from 'nuqs';

const SORT_FIELDS = ['CREATED_AT', 'DURATION_MS', 'STATUS_CODE'] as const;
export interface Sort {
  readonly field: (typeof SORT_FIELDS)[number];
  readonly direction: 'ASC' | 'DESC';
}

/** `-duration_ms`: descending by the duration; `duration_ms`: ascending. */
export const parseAsSort = createParser<Sort>({
  parse(text) {
    const field = SORT_FIELDS.find((name) => name === text.replace('-', '').toUpperCase());
    return field === undefined ? null : { field, direction: text.startsWith('-') ? 'DESC' : 'ASC' };
  },
  serialize: ({ field, direction }) => (direction === 'DESC' ? '-' : '') + field.toLowerCase(),
  eq: (a, b) => a.field === b.field && a.direction === b.direction,
});
