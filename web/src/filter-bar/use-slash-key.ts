import { useEffect, useEffectEvent } from 'react';

/** Calls `onSlash` when `/` is pressed and nothing else takes it: no input has the focus and no dialog is open. */
export function useSlashKey(onSlash: () => void): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (target.closest('input, textarea, select, [contenteditable]') !== null) return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    onSlash();
  });
  useEffect(() => {
    addEventListener('keydown', handle);
    return () => removeEventListener('keydown', handle);
  }, []);
}
