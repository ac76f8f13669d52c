import { badInput } from '../log/errors.ts';
import { PAGE_LIMITS } from './limits.ts';

/** The four arguments of a connection (relay.dev/graphql/connections.htm#sec-Arguments). */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageArguments {
  /** True: the first rows after `after`; false: the last rows before `before`. */
  readonly forward: boolean;
  readonly limit: number;
  readonly after: string | null;
  readonly before: string | null;
}

/**
 * Validates the arguments of a connection and applies the default page size. `before` alone requests the rows immediately
 * before it.
 *
 * @throws RelaylogError BAD_USER_INPUT if both `first` and `last` are given, or if either is not 1 to 100.
 */
export function pageArguments({ first, after, last, before }: ConnectionArguments): PageArguments {
  const given = (value: unknown) => value !== null && value !== undefined;
  if (given(first) && given(last)) {
    throw badInput('first and last cannot be used together: use first with after, or last with before.');
  }
  const forward = given(first) || (!given(last) && (given(after) || !given(before)));
  const [name, limit] = forward ? ['first', first] : ['last', last];
  if (given(limit) && (limit! < 1 || limit! > PAGE_LIMITS.max)) {
    throw badInput(`${name} must be 1 to ${PAGE_LIMITS.max}, not ${limit}.`);
  }
  return { forward, limit: limit ?? PAGE_LIMITS.default, after: after ?? null, before: before ?? null };
}
