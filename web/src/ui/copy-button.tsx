import { type ReactNode, useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import { CopyIcon } from './icons.tsx';

const DONE_MS = 2_000;

/** Copies a text and says so. */
export function CopyButton({
  label,
  icon = <CopyIcon />,
  text,
}: {
  readonly label: string;
  readonly icon?: ReactNode;
  /** Called when it is needed: it may be long. */
  readonly text: () => string;
}) {
  const [result, setResult] = useState<string | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), DONE_MS);
    return () => clearTimeout(timer);
  }, [result]);
  return (
    <button
      type="button"
      className="button"
      onClick={async () => setResult((await copyText(text())) ? 'Copied' : 'Not copied')}
    >
      {icon} <span aria-live="polite">{result ?? label}</span>
    </button>
  );
}
