import { useState } from 'react';
import { LOCAL_ZONE } from '../time/format.ts';
import { findZones, formatOffset } from '../time/zone.ts';

const LIMIT = 30;

/** The zone of the times on the page: the browser's, UTC, or any by its name. */
export function ZoneChoice({
  zone,
  now,
  onChoose,
}: {
  /** Null: the browser's. */
  readonly zone: string | null;
  /** Unix milliseconds; the offsets are those of this time. */
  readonly now: number;
  readonly onChoose: (zone: string | null) => void;
}) {
  const [text, setText] = useState('');
  const others = text.trim() === '' ? [] : findZones(text, LIMIT);
  const option = (name: string, value: string | null, label: string) => (
    <li key={value ?? 'browser'}>
      <button
        type="button"
        className="menu-item"
        aria-current={zone === value ? 'true' : undefined}
        onClick={() => onChoose(value)}
      >
        <span className="range-zone-name">{label}</span>
        <span className="range-offset numbers">{formatOffset(now, name)}</span>
      </button>
    </li>
  );
  const isOther = zone !== null && zone !== 'UTC' && !others.includes(zone);
  return (
    <div className="range-zone">
      <h2>Time zone</h2>
      <ul className="range-list">
        {option(LOCAL_ZONE, null, `Browser (${LOCAL_ZONE})`)}
        {option('UTC', 'UTC', 'UTC')}
        {isOther && option(zone, zone, zone)}
      </ul>
      <input
        className="input"
        type="search"
        aria-label="Search for a time zone"
        placeholder="Search, such as New York"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {text.trim() !== '' && (
        <ul className="range-list range-zones" aria-label="Time zones">
          {others.map((name) => option(name, name, name))}
          {others.length === 0 && <li className="range-none">No time zone has this name.</li>}
        </ul>
      )}
    </div>
  );
}
