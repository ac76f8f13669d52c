import { type ReactNode, useMemo, useState } from 'react';
import { formatNumber } from '../format/number.ts';
import { CutText } from './cut-text.tsx';
import { initiallyOpen, PORTION } from './open-nodes.ts';
import { REDACTED, RedactedBadge, RedactedText } from './redacted-text.tsx';

const SHOWN_CHARACTERS = 1_000;

/** JSON in lines that can be folded. Only open lines are elements, so that a large value does not block the page. */
export function JsonTree({ value }: { readonly value: unknown }) {
  const open = useMemo(() => initiallyOpen(value), [value]);
  return (
    <div className="code-block json">
      <Node value={value} open={open} />
    </div>
  );
}

interface NodeProps {
  readonly value: unknown;
  /** The name of the value in its object. */
  readonly name?: string;
  readonly open: ReadonlySet<unknown>;
}

function Node(props: NodeProps) {
  const { value, name } = props;
  if (typeof value === 'object' && value !== null) return <Container {...props} value={value} />;
  return (
    <div className="json-line">
      <Name name={name} />
      <Scalar value={value} />
    </div>
  );
}

function Container({ value, name, open }: NodeProps & { readonly value: object }) {
  const [isOpen, setOpen] = useState(open.has(value));
  const [shown, setShown] = useState(PORTION);
  const isList = Array.isArray(value);
  const [first, last] = isList ? '[]' : '{}';
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return (
      <div className="json-line">
        <Name name={name} />
        {first}
        {last}
      </div>
    );
  }
  const count = `${formatNumber(entries.length)} ${isList ? 'item' : 'key'}${entries.length === 1 ? '' : 's'}`;
  return (
    <div className="json-line">
      <button
        type="button"
        className="json-toggle"
        aria-expanded={isOpen}
        aria-label={`${name ?? 'Value'}: ${count}`}
        onClick={() => setOpen(!isOpen)}
      />
      <Name name={name} />
      {first}
      {isOpen ? (
        <>
          <div className="json-children">
            {entries.slice(0, shown).map(([key, child]) => (
              <Node key={key} value={child} name={isList ? undefined : key} open={open} />
            ))}
            {shown < entries.length && (
              <button type="button" className="button" onClick={() => setShown(shown + PORTION)}>
                Show more: {formatNumber(entries.length - shown)} left
              </button>
            )}
          </div>
          {last}
        </>
      ) : (
        <span className="muted">
          {' '}
          … {last} {count}
        </span>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return (
    name !== undefined && (
      <span className="json-name">
        <RedactedText text={JSON.stringify(name)} />:{' '}
      </span>
    )
  );
}

function Scalar({ value }: { readonly value: unknown }): ReactNode {
  if (value === REDACTED) return <RedactedBadge />;
  if (typeof value !== 'string') return <span className={`json-${typeof value}`}>{String(value)}</span>;
  return (
    <span className="json-string">
      <CutText text={value} limit={SHOWN_CHARACTERS} format={JSON.stringify} />
    </span>
  );
}
