import { formatNumber } from '../format/number.ts';
import type { Affected } from './affected.ts';

const count = (number: number, noun: string) => `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;

/** How many consumers and keys had the errors. */
export function AffectedCell({ affected }: { readonly affected: Affected | null | undefined }) {
  if (affected === undefined) return <span className="muted">…</span>;
  if (affected === null) {
    return (
      <span
        className="muted"
        title="Not counted: it costs too much. Choose a shorter range of time or the order “Most affected”."
      >
        not counted
      </span>
    );
  }
  return (
    <>
      <span>{count(affected.consumers, 'consumer')}</span>
      <span className="muted">{count(affected.keys, 'API key')}</span>
    </>
  );
}
