import { useId } from 'react';

/** One of a few options. */
export function Choice<Name extends string>({
  legend,
  options,
  value,
  onChange,
}: {
  readonly legend: string;
  readonly options: readonly { readonly name: Name; readonly label: string }[];
  readonly value: Name;
  readonly onChange: (name: Name) => void;
}) {
  const group = useId();
  return (
    <fieldset className="choice">
      <legend className="hidden-label">{legend}</legend>
      {options.map(({ name, label }) => (
        <label key={name}>
          <input type="radio" name={group} checked={name === value} onChange={() => onChange(name)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
