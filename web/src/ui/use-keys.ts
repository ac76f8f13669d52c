import { useEffect, useEffectEvent } from 'react';

/** What a key does; it returns false if it does nothing this time, so that the browser does what it usually does. */
export type KeyAction = (event: KeyboardEvent) => unknown;

/**
 * Shortcuts of the page by the names of keys. They do not apply while the user types, with Ctrl, Alt or Meta, or while a dialog
 * or a popover is open.
 */
export function useKeys(actions: Readonly<Record<string, KeyAction>>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actions[event.key];
    if (action === undefined || event.defaultPrevented || !isShortcut(event)) return;
    if (action(event) !== false) event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function isShortcut({ ctrlKey, altKey, metaKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || altKey || metaKey) return false;
  if (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  )
    return false;
  return document.querySelector('dialog[open], :popover-open') === null;
}
