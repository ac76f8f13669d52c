import { useState } from 'react';
import { CopyIcon } from '../ui/icons.tsx';

/** Copies a text, and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [state, setState] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('Copied'),
      () => setState('The browser did not allow copying'),
    );
  return (
    <>
      <button type="button" className="button" onClick={copy} onBlur={() => setState('')}>
        <CopyIcon /> {state === '' ? label : state}
      </button>
      <span className="hidden-label" role="status">
        {state}
      </span>
    </>
  );
}
