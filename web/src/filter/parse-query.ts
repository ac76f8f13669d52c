import type { Condition, Problem, Span } from './condition.ts';
import { filterOfConditions } from './filter-of-conditions.ts';
import { parseToken } from './parse-token.ts';
import type { RequestLogFilter } from './request-log-filter.ts';
import { tokenize } from './tokenize.ts';

/** A condition and where it is in the text. */
type PlacedCondition = Condition & Span;

export interface ParsedQuery {
  readonly conditions: readonly PlacedCondition[];
  /** The parts of the text that are not valid. They do not apply. */
  readonly problems: readonly Problem[];
}

/** Reads a text in the typed syntax, which `SYNTAX_HELP` describes. Each part of it is a condition or a problem. */
export function parse(text: string): ParsedQuery {
  const conditions: PlacedCondition[] = [];
  const problems: Problem[] = [];
  for (const token of tokenize(text)) {
    const { start, end } = token;
    const result = parseToken(token);
    if (typeof result === 'string') problems.push({ start, end, message: result });
    else conditions.push({ ...result, start, end });
  }
  return { conditions, problems };
}

/** The filter that a text in the typed syntax stands for. Parts of it that are not valid do not apply. */
export function filterOfQuery(text: string): RequestLogFilter {
  return filterOfConditions(parse(text).conditions);
}
