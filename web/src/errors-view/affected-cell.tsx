import { formatNumber } from '../time/format.ts';
import type { Affected } from './affected.ts';

const count = (number: number, noun: string) => `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;

/** How many consumers and keys had the errors. */
export function AffectedCell({ affected }: { readonly affected: Affected | null }) {
  if (affected === null) return <span className="muted">…</span>;
  return (
    <>
      <span>{count(affected.consumers, 'consumer')}</span>
      <span className="muted">{count(affected.keys, 'API key')}</span>
    </>
  );
}
