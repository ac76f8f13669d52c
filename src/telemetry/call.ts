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

/** Where traces are configured: the span of a request. */
export interface CallTrace {
  storeCall(call: StoreCallSpan): void;
  /** @param errorType null unless the server failed. */
  end(attributes: SpanAttributes, errorType: string | null): void;
}

/** What a request holds while it is in flight. */
export interface Permit {
  /** Counts it as one of this organization's; false if that has as many as it may. */
  acquireFor(organizationId: string): boolean;
}

/** How a streamed answer ended: `cancelled` by the client or because it did not read on. */
export type StreamEnd = 'completed' | 'cancelled' | 'failed';

/** What becomes known of a request while it is answered; made for each request, read by the log and the metrics. */
export interface Call {
  /** In the response header `X-Request-Id` and in every log line of the request. */
  readonly requestId: string;
  /** The endpoint's `api`. */
  readonly api: string;
  /** The client's, or of the proxy before us; null: not known. */
  readonly address: string | null;
  /** False if the API has as many requests as it can serve: it refuses this one. */
  hasPermit: boolean;
  /** Null: it has none, or permits are not counted. */
  permit: Permit | null;
  /** Settles when the stream that answers the request ends, however it does; null: the answer is no stream. */
  streamEnd: Promise<StreamEnd> | null;
  /** Name of the GraphQL operation, as the client chose it; null until one is executed. */
  operation: string | null;
  /** Code of the first error in the answer; null: none. */
  code: string | null;
  organizationId: string | null;
  keyId: string | null;
  storeCalls: number;
  /** Milliseconds, of all store calls together. */
  storeMs: number;
  /** The response that carries the request's id already; null: none was made. */
  identified: Response | null;
  readonly trace: CallTrace | null;
  /** Aborts when the client is gone and when the request is answered. Made when it is first read. */
  readonly signal: AbortSignal;
  /** The request is answered. */
  end(): void;
}

/** Why nobody waits; one for all, as an error with its stack would be made for each request. */
const ENDED = 'The request has ended.';

type Known = Pick<Call, 'requestId' | 'api' | 'address' | 'trace'> & { readonly request: Request };

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
  #waiting: AbortController | undefined;

  constructor({ requestId, api, address, trace, request }: Known) {
    this.requestId = requestId;
    this.api = api;
    this.address = address;
    this.trace = trace;
    this.#request = request;
  }

  get signal(): AbortSignal {
    if (this.#waiting === undefined) {
      this.#waiting = new AbortController();
      const { signal } = this.#request;
      if (signal.aborted) this.end();
      signal.addEventListener('abort', () => this.end(), { once: true });
    }
    return this.#waiting.signal;
  }

  end(): void {
    this.#waiting?.abort(ENDED);
  }
}

const calls = new AsyncLocalStorage<Call>();

/** Runs the work that answers one request; `currentCall` finds the call again from anywhere in it. */
export function runInCall<T>(known: Known, work: (call: Call) => T): T {
  const call = new CallInFlight(known);
  return calls.run(call, work, call);
}

/** Undefined outside of a request: in a command, or at the start. */
export function currentCall(): Call | undefined {
  return calls.getStore();
}

/** Records the code of an error in the answer; the first one counts. */
export function recordCode(code: string): void {
  const call = calls.getStore();
  if (call !== undefined) call.code ??= code;
}

/** Records the caller. @param keyId null: not by an API key. */
export function recordCaller(organizationId: string, keyId: string | null): void {
  const call = calls.getStore();
  if (call !== undefined) Object.assign(call, { organizationId, keyId });
}

/** Records the name of the operation that is executed. */
export function recordOperation(name: string): void {
  const call = calls.getStore();
  if (call !== undefined) call.operation = name;
}
