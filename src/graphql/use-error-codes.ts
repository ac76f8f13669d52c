import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Yoga plugin that gives the errors that Yoga itself reports before execution one of Relaylog's error codes. It serializes
 * the errors itself and leaves Yoga one for each HTTP status: Yoga would construct each again, with its location. If any
 * field was answered, the status is 200, whatever failed beside it.
 */
export function useErrorCodes(toClientError: (error: unknown) => GraphQLError): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      const errors = result.errors.map(toClientError);
      const answer = { ...result, errors: errors.map(shown) };
      const stringify = () => JSON.stringify(answer);
      const byStatus = new Map(errors.map((error) => [JSON.stringify(error.extensions.http), error]));
      const hasStatus = errors.some(({ extensions }) => extensions.http !== undefined);
      const deciding = hasStatus && isAnswered(result.data, errors) ? [NO_STATUS] : [...byStatus.values()];
      setResult({ ...result, errors: deciding, stringify } as typeof result);
    },
  };
}

/** Stands for all errors of an operation that was answered in part: it has no status of its own. */
const NO_STATUS = new GraphQLError('');

/** Whether any field below the data has a value, or is null without an error. `__typename` does not count. */
function isAnswered(data: unknown, errors: readonly GraphQLError[]): boolean {
  // The error of a non-null field makes a field above it null, so each path above an error counts.
  const failed = new Set(
    errors.flatMap(({ path = [] }) => path.map((_, i) => path.slice(0, i + 1).join('.'))),
  );
  const answered = (value: unknown, path: string): boolean => {
    if (value === null || value === undefined) return !failed.has(path);
    if (typeof value !== 'object') return true;
    const entries = Object.entries(value);
    return entries.length === 0 || entries.some(below(path));
  };
  const below =
    (path: string) =>
    ([name, value]: [string, unknown]) =>
      name !== '__typename' && answered(value, path === '' ? name : `${path}.${name}`);
  return typeof data === 'object' && data !== null && Object.entries(data).some(below(''));
}

/** What the client sees of an error. */
function shown({ message, locations, path, extensions }: GraphQLError): object {
  const { http: _, ...seen } = extensions;
  return { message, locations, path, extensions: seen };
}
