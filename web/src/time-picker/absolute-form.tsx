import { type FormEvent, useId, useState } from 'react';
import type { Interval } from '../time/time-range.ts';
import { type RangeErrors, readRange, typedRangeOf } from './absolute-range.ts';
import { BeyondRetention } from './retention.tsx';

const LABELS = { from: 'From', to: 'To' } as const;

/** The start and the end of a range, as a clock in the zone shows them. */
export function AbsoluteForm({
  interval,
  zone,
  onApply,
}: {
  readonly interval: Interval;
  readonly zone: string;
  readonly onApply: (interval: Interval) => void;
}) {
  const id = useId();
  const [initial] = useState(interval);
  const [typed, setTyped] = useState(() => typedRangeOf(interval, zone));
  const [errors, setErrors] = useState<RangeErrors>({});
  const read = readRange(typed, initial, zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isInterval(read)) onApply(read);
    else setErrors(read);
  };
  return (
    <form className="range-form" noValidate onSubmit={submit}>
      {(['from', 'to'] as const).map((name) => (
        <div key={name}>
          <label htmlFor={`${id}-${name}`}>{LABELS[name]}</label>
          <input
            id={`${id}-${name}`}
            className="input"
            type="datetime-local"
            max="9999-12-31T23:59"
            value={typed[name]}
            aria-invalid={errors[name] !== undefined}
            aria-describedby={errors[name] === undefined ? undefined : `${id}-${name}-error`}
            onChange={({ target }) => {
              setTyped({ ...typed, [name]: target.value });
              setErrors({});
            }}
          />
          {errors[name] !== undefined && (
            <p className="range-error" role="alert" id={`${id}-${name}-error`}>
              {errors[name]}
            </p>
          )}
        </div>
      ))}
      {isInterval(read) && <BeyondRetention from={read.from} />}
      <button type="submit" className="button primary">
        Apply range
      </button>
    </form>
  );
}

const isInterval = (read: Interval | RangeErrors): read is Interval => typeof read.from === 'number';
