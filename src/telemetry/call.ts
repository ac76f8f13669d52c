import { AsyncLocalStorage } from 'node:async_hooks';

type SpanAttributes = Readonly<Record<string, string | number>>;

interface StoreCallSpan {
  /** `db.system.name` */
  readonly system: string;
  /** `db.operation.name`: the method of the store. */
  readonly call: string;
  readonly ms: number;
  /** null if the call succeeded. */
  readonly code: string | null;
}

/** The trace span of a request. */
export interface CallTrace {
  storeCall(call: StoreCallSpan): void;
  /** Ends the span. @param errorType error code if the server failed, otherwise null. */
  end(attributes: SpanAttributes, errorType: string | null): void;
}

/** A request's slot under the concurrency limit. */
export interface Permit {
  /** Counts the request against the organization's limit. Returns false if the limit is reached. */
  acquireFor(organizationId: string): boolean;
}

/** How a streamed response ended. `cancelled`: the client disconnected or stopped reading. */
export type StreamEnd = 'completed' | 'cancelled' | 'failed';

/** State of a request that is collected while it is handled, for the log, the metrics and the trace. */
export interface Call {
  /** Id in the response header `X-Request-Id` and in every log line of the request. */
  readonly requestId: string;
  /** The endpoint's `api`. */
  readonly api: string;
  /** IP address of the client or of the last proxy; null if unknown. */
  readonly address: string | null;
  /** False if the API's concurrency limit is reached, so this request must be rejected. */
  hasPermit: boolean;
  /** Null if the request has no permit, or if permits are not counted. */
  permit: Permit | null;
  /** Settles when the streamed response ends for any reason; null if the response is not a stream. */
  streamEnd: Promise<StreamEnd> | null;
  /** Name of the GraphQL operation, chosen by the client; null until one is executed. */
  operation: string | null;
  /** Code of the first error in the response; null if there is none. */
  code: string | null;
  organizationId: string | null;
  keyId: string | null;
  storeCalls: number;
  /** Total duration of all store calls in milliseconds. */
  storeMs: number;
  /** The response that already has the request id; null if none was created. */
  identified: Response | null;
  readonly trace: CallTrace | null;
  /** Aborts when the client disconnects or the request has been answered. Created on first access. */
  readonly signal: AbortSignal;
  /** Marks the request as answered. */
  end(): void;
}

/** Abort reason. A shared string, because creating an error with a stack trace for each request is expensive. */
const ABORT_REASON = 'The request has ended.';

type CallParts = Pick<Call, 'requestId' | 'api' | 'address' | 'trace'> & { readonly request: Request };

class CallInFlight implements Call {
  readonly requestId: string;
  readonly api: string;
  readonly address: string | null;
  readonly trace: CallTrace | null;
  hasPermit = true;
  permit: Permit | null = null;
  streamEnd: Promise<StreamEnd> | null = null;
  operation: string | null = null;
  code: string | null = null;
  organizationId: string | null = null;
  keyId: string | null = null;
  storeCalls = 0;
  storeMs = 0;
  identified: Response | null = null;
  readonly #request: Request;
  #controller: AbortController | undefined;

  constructor({ requestId, api, address, trace, request }: CallParts) {
    this.requestId = requestId;
    this.api = api;
    this.address = address;
    this.trace = trace;
    this.#request = request;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { signal } = this.#request;
      if (signal.aborted) this.end();
      signal.addEventListener('abort', () => this.end(), { once: true });
    }
    return this.#controller.signal;
  }

  end(): void {
    this.#controller?.abort(ABORT_REASON);
  }
}

const calls = new AsyncLocalStorage<Call>();

/** Runs the work of one request. Within it, `currentCall` returns the call. */
export function runInCall<T>(parts: CallParts, work: (call: Call) => T): T {
  const call = new CallInFlight(parts);
  return calls.run(call, work, call);
}

/** Returns the call of the current request; undefined outside of requests, for example in commands or during startup. */
export function currentCall(): Call | undefined {
  return calls.getStore();
}

/** Records the code of an error in the response. Only the first code is kept. */
export function recordCode(code: string): void {
  const call = calls.getStore();
  if (call !== undefined) call.code ??= code;
}

/** Records the caller. @param keyId null if the caller did not use an API key. */
export function recordCaller(organizationId: string, keyId: string | null): void {
  const call = calls.getStore();
  if (call !== undefined) Object.assign(call, { organizationId, keyId });
}

/** Records the name of the executed GraphQL operation. */
export function recordOperation(name: string): void {
  const call = calls.getStore();
  if (call !== undefined) call.operation = name;
}
