import { OPERATION_PARAMETER } from '../allowed-operations.ts';
import type { CheckedRequest } from '../checked-request.ts';

export interface OperationRequest {
  /** Identifies an operation: its text or id, and its name. */
  readonly key: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

const PARAMETERS = new Set(['query', OPERATION_PARAMETER, 'operationName', 'variables', 'extensions']);

/** Returns the operation that a plain POST requests; null for a request of any other form. */
export function requested({ json }: CheckedRequest): OperationRequest | null {
  if (!isObject(json) || !Object.keys(json).every((name) => PARAMETERS.has(name))) {
    return null;
  }
  const { query, operationName = null, variables, extensions, [OPERATION_PARAMETER]: id } = json;
  const text = query ?? id;
  const isPlain =
    typeof text === 'string' &&
    (query === undefined || id === undefined) &&
    (operationName === null || typeof operationName === 'string') &&
    (variables == null || isObject(variables)) &&
    (extensions == null || (isObject(extensions) && extensions.persistedQuery === undefined));
  if (!isPlain) return null;
  return {
    key: JSON.stringify([id === undefined ? 'text' : 'id', operationName, text]),
    operationName: operationName as string | null,
    variables: (variables as Readonly<Record<string, unknown>> | null | undefined) ?? {},
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
