import { Choice } from '../groups/choice.tsx';
import { GROUPINGS, KINDS, keysOf, ORDERS, useErrorsUrl } from './url.ts';

const ORDER_LABELS = { count: 'Most errors', last: 'Last seen', affected: 'Most affected' } as const;

/** Which errors are shown, by what they are grouped, and their order. */
export function ErrorsControls() {
  const [{ group, errors, order }, setState] = useErrorsUrl();
  return (
    <div className="view-controls">
      <Choice
        legend="Errors"
        options={keysOf(KINDS).map((name) => ({ name, label: KINDS[name].label }))}
        value={errors}
        onChange={(name) => setState({ errors: name })}
      />
      <span className="space" />
      <label>
        <span className="muted">Group by</span>
        <select
          className="input"
          value={group}
          onChange={({ target }) => setState({ group: target.value as typeof group })}
        >
          {keysOf(GROUPINGS).map((name) => (
            <option key={name} value={name}>
              {GROUPINGS[name].label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="muted">Order</span>
        <select
          className="input"
          value={order}
          onChange={({ target }) => setState({ order: target.value as typeof order })}
        >
          {ORDERS.map((name) => (
            <option key={name} value={name}>
              {ORDER_LABELS[name]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
