import type { VIEWS } from '../state/url-state.ts';

/** Names of the views, as people read them. */
export const VIEW_LABELS: Readonly<Record<(typeof VIEWS)[number], string>> = {
  logs: 'Logs',
  errors: 'Errors',
  slow: 'Slow',
};
