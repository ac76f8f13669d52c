import type { Condition, ConditionValue } from '../filter/condition.ts';
import { printCondition, printValue } from '../filter/print-query.ts';
import { syntaxFieldOf } from '../filter/syntax-fields.ts';
import { formatTime } from '../time/format.ts';
import { CloseIcon } from '../ui/icons.tsx';

const OPERATORS = {
  is: ['is', 'is not'],
  range: ['is', 'is not'],
  gt: ['>', 'not >'],
  gte: ['≥', 'not ≥'],
  lt: ['<', 'not <'],
  lte: ['≤', 'not ≤'],
  contains: ['contains', 'does not contain'],
  startsWith: ['starts with', 'does not start with'],
} as const;

/** A condition as field, operator and value. A click on it edits it. */
export function FilterChip({
  condition,
  zone,
  onEdit,
  onRemove,
}: {
  readonly condition: Condition;
  readonly zone: string;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const { field, operator, isNegated, values } = condition;
  const { kind, name } = syntaxFieldOf(field === 'statusClass' ? 'statusCode' : field);
  const label = field === 'search' ? 'text' : name;
  const operation = OPERATORS[operator][isNegated ? 1 : 0];
  const textOf = (value: ConditionValue) =>
    kind === 'outcome'
      ? String(value).toLowerCase()
      : kind === 'time' && value !== null
        ? formatTime(value, zone)
        : printValue(value);
  const unit = kind === 'duration' && !values.includes(null) ? ' ms' : '';
  const value = values.map(textOf).join(operator === 'range' ? ' to ' : ', ') + unit;
  return (
    <li className="filter-chip" data-negated={isNegated}>
      <button
        type="button"
        className="filter-chip-edit"
        title={`${printCondition(condition)} (click to edit)`}
        onClick={onEdit}
      >
        <span className="filter-chip-field">{label}</span> <span className="muted">{operation}</span>{' '}
        <span className="filter-chip-value">{value}</span>
      </button>
      <RemoveButton name={`${label} ${operation} ${value}`} onRemove={onRemove} />
    </li>
  );
}

/** @param name of what is removed. */
export function RemoveButton({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <button type="button" className="filter-chip-remove" aria-label={`Remove ${name}`} onClick={onRemove}>
      <CloseIcon />
    </button>
  );
}
