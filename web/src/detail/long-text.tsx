import { useState } from 'react';
import { formatNumber } from '../time/format.ts';
import { RedactedText } from './redacted-text.tsx';

/** Characters that are shown at first: a screen full or two. */
const SHOWN = 4_000;

/** A text of a log as it is, at first only its beginning if it is long. */
export function LongText({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(text.length <= SHOWN);
  return (
    <div className="code-block">
      <pre>
        <RedactedText text={isWhole ? text : text.slice(0, SHOWN)} />
      </pre>
      {!isWhole && (
        <button type="button" className="button" onClick={() => setWhole(true)}>
          Show all {formatNumber(text.length)} characters
        </button>
      )}
    </div>
  );
}
