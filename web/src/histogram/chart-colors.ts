import { useSyncExternalStore } from 'react';

const dark = matchMedia('(prefers-color-scheme: dark)');

function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', listener);
  };
}

/** `light` or `dark`, whichever is shown; the component is rendered again when it changes. */
export function useShownTheme(): string {
  return useSyncExternalStore(
    onThemeChange,
    () => document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light'),
  );
}

/** Reads colours of the style sheet as a canvas needs them. @param element a part of the page; it gets no colour. */
export function colorReader(element: HTMLElement): (token: string) => string {
  return (token) => {
    // Only a property that is a colour resolves `light-dark()`.
    element.style.color = `var(--${token})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
}
