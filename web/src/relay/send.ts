import type { GraphQLResponse, RequestParameters, Variables } from 'relay-runtime';
import type { ConnectionStatus } from './connection-status.ts';
import { turnEnds, waitForTurn } from './retry-queue.ts';
import { serverClock } from './server-clock.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** The server does not accept the credential any more. */
export class SignedOutError extends Error {}

/** The answer has no data for one of the fields at its root. The message is the server's. */
class OperationError extends Error {}

interface ServerError {
  readonly message: string;
  readonly path?: readonly unknown[];
  readonly extensions?: { readonly code?: string };
}

type Operation = Pick<RequestParameters, 'text' | 'name'>;

/** What the server answered, or why a request should be sent again. */
type Attempt =
  | { readonly answer: GraphQLResponse }
  | {
      readonly kind: Exclude<ConnectionStatus['kind'], 'ok'>;
      readonly message: string | null;
      readonly waitMs: number | null;
    };

/**
 * Sends an operation. If the rate limit is reached, or the server or its store is not available, it waits and sends it again
 * until it is answered or aborted.
 *
 * @throws SignedOutError if the credential is not accepted.
 * @throws OperationError if a field at the root failed: Relay's store would otherwise forget what it knows of this field.
 */
export async function send(
  operation: Operation,
  variables: Variables,
  token: string,
  signal: AbortSignal,
): Promise<GraphQLResponse> {
  for (let failures = 0; ; failures++) {
    let attempt: Attempt | null = null;
    try {
      attempt = await sendOnce(operation, variables, token, signal);
      if ('answer' in attempt) return attempt.answer;
    } finally {
      if (failures > 0) turnEnds(attempt !== null && 'answer' in attempt);
    }
    const waitMs = attempt.waitMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    await waitForTurn({ ...attempt, retryAt: Date.now() + waitMs }, signal);
  }
}

async function sendOnce(
  { text: query, name: operationName }: Operation,
  variables: Variables,
  token: string,
  signal: AbortSignal,
): Promise<Attempt> {
  let response: Response;
  let body: { errors?: readonly ServerError[] } | null;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        Authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, operationName, variables }),
      signal,
    });
    body = await response.json().catch(() => null);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'unreachable', message: null, waitMs: null };
  }
  const { status, headers } = response;
  serverClock.update(headers.get('date'));
  const errors = body?.errors ?? [];
  const message = errors[0]?.message ?? null;
  if (status === 401) throw new SignedOutError(message ?? 'The key is not accepted.');
  const retryAfter = Number(headers.get('retry-after'));
  const waitMs = retryAfter > 0 ? retryAfter * 1_000 : null;
  const hasError = (code: string) => errors.some(({ extensions }) => extensions?.code === code);
  if (status === 429 || hasError('RATE_LIMITED')) return { kind: 'rate-limited', message, waitMs };
  if (body === null || hasError('UNAVAILABLE')) return { kind: 'unavailable', message, waitMs };
  const failure = errors.find(({ path }) => path?.length === 1);
  if (failure !== undefined) throw new OperationError(failure.message);
  return { answer: body as GraphQLResponse };
}
