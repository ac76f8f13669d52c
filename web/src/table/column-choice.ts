import { COLUMN_NAMES, type ColumnName } from './column-names.ts';

export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  'createdAt',
  'statusCode',
  'method',
  'path',
  'durationMs',
  'consumerId',
  'errorType',
];

/** The columns of the URL parameter `cols`, in their order. Unknown names and repetitions are left out. */
export function parseColumns(text: string | null): readonly ColumnName[] {
  const names = new Set((text ?? '').split(',').filter(isColumnName));
  return names.size === 0 ? DEFAULT_COLUMNS : [...names];
}

/** The URL parameter `cols` that stands for these columns. Null: the default ones. */
export function serializeColumns(names: readonly ColumnName[]): string | null {
  const text = names.join(',');
  return text === DEFAULT_COLUMNS.join(',') || text === '' ? null : text;
}

/** The columns with one of them moved by some places; it stops at either end. */
export function moveColumn(
  names: readonly ColumnName[],
  name: ColumnName,
  places: number,
): readonly ColumnName[] {
  const from = names.indexOf(name);
  const to = Math.max(0, Math.min(names.length - 1, from + places));
  return names.toSpliced(from, 1).toSpliced(to, 0, name);
}

/** The columns with one more at the end, or without it if it is one of them. At least one column stays. */
export function toggleColumn(names: readonly ColumnName[], name: ColumnName): readonly ColumnName[] {
  if (!names.includes(name)) return [...names, name];
  return names.length === 1 ? names : names.filter((other) => other !== name);
}

function isColumnName(text: string): text is ColumnName {
  return COLUMN_NAMES.includes(text as ColumnName);
}
