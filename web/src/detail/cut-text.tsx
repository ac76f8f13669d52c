import { useState } from 'react';
import { formatNumber } from '../format/number.ts';
import { RedactedText } from './redacted-text.tsx';

/** A text of a log, at first only its beginning if it is long. */
export function CutText({
  text,
  limit,
  format = (shown) => shown,
}: {
  readonly text: string;
  /** How many characters are shown at first. */
  readonly limit: number;
  readonly format?: (shown: string) => string;
}) {
  const [isWhole, setWhole] = useState(text.length <= limit);
  if (isWhole) return <RedactedText text={format(text)} />;
  return (
    <>
      <RedactedText text={format(`${text.slice(0, limit)}…`)} />{' '}
      <button type="button" className="button show-all" onClick={() => setWhole(true)}>
        Show all {formatNumber(text.length)} characters
      </button>
    </>
  );
}
