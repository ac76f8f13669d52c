import { useSyncExternalStore } from 'react';

const KEY = 'relaylog-column-widths';

/** Widths in pixels by the names of columns, as far as the user has changed them. */
export type ColumnWidths = Readonly<Record<string, number>>;

let widths: ColumnWidths | null = null;
const listeners = new Set<() => void>();

/** The widths that the user has set in this browser. */
export function useColumnWidths(): ColumnWidths {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => {
      widths ??= load();
      return widths;
    },
  );
}

export function setColumnWidths(next: ColumnWidths): void {
  widths = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage is full or blocked: the widths last as long as the page.
  }
  for (const listener of listeners) listener();
}

function load(): ColumnWidths {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return Object.fromEntries(
      Object.entries(stored ?? {}).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
    );
  } catch {
    return {};
  }
}
