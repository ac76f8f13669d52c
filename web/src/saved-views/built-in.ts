/** A state of the page under a name. */
export interface SavedView {
  readonly name: string;
  /** Parameters of the URL, without `?`. */
  readonly search: string;
}

/** What people look for first. */
export const BUILT_IN: readonly SavedView[] = [
  { name: 'Server errors, last 24 hours', search: 'q=status:5xx&range=24h' },
  { name: 'Slower than a second, last 7 days', search: 'q=duration:%3E1000&sort=-duration_ms' },
  { name: 'Rate limited (429)', search: 'q=status:429' },
];
