export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const NAME = 'relaylog-theme';
const listeners = new Set<() => void>();
let theme = read();
apply();

function read(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(NAME)) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
}

/** Shows the page in this theme, from now on and in this browser. */
export function setTheme(next: Theme): void {
  theme = next;
  apply();
  try {
    localStorage.setItem(NAME, next);
  } catch {
    // Storage is turned off: the choice lasts until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

/** Calls the listener after each change. @returns a function that removes it. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme that the user chose. */
export const currentTheme = (): Theme => theme;
