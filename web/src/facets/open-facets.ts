import { useState } from 'react';

const KEY = 'relaylog-facets';
type OpenFacets = Readonly<Record<string, boolean>>;

function stored(): OpenFacets {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as OpenFacets) : {};
  } catch {
    return {};
  }
}

/** Which facets the user has opened or closed, by their fields. The browser remembers it. */
export function useOpenFacets(): [OpenFacets, (field: string, isOpen: boolean) => void] {
  const [open, setOpen] = useState(stored);
  return [
    open,
    (field, isOpen) => {
      const next = { ...stored(), [field]: isOpen };
      setOpen(next);
      try {
        localStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    },
  ];
}
