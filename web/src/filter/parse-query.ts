import type { RequestLogFilter } from './request-log-filter.ts';

/** The filter that a text in the typed syntax stands for. */
export function filterOfQuery(text: string): RequestLogFilter {
  return text.trim() === '' ? {} : { search: text.trim() };
}
