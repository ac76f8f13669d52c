import { readBody } from '../http/read-body.ts';
import { MAX_NESTING } from '../lib/json-depth.ts';
import { isUtf8Encoded } from '../lib/percent-encoding.ts';
import { decodedUtf8 } from '../lib/utf8.ts';
import type { Charge } from '../limits/charge.ts';
import type { MemoryBudget } from '../limits/memory-budget.ts';
import { badInput, RelaylogError } from '../log/errors.ts';
import { bytesCost, payForReading } from './reading-cost.ts';

export interface BodyLimits {
  /** Bytes of one request's body. */
  readonly maxBytes: number;
  /** Maximum cost of a query, and maximum charge for the bytes of a body. */
  readonly maxCost: number;
  readonly bodyMemory: MemoryBudget;
}

/** A request whose body has been read. Its size and nesting are within limits, so it cannot exhaust memory or the stack. */
export interface CheckedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  /** Null unless the method is POST. */
  readonly body: string | null;
  /** The parsed body; undefined unless the method is POST. */
  readonly json: unknown;
}

/**
 * Reads and checks a GraphQL request. A body or a query string is charged by its size before it is parsed.
 *
 * @throws RelaylogError RATE_LIMITED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, UNAVAILABLE; BAD_USER_INPUT if the body is
 * not UTF-8, not JSON, or nested too deeply.
 */
export async function checkedRequest(
  request: Request,
  limits: BodyLimits,
  charge: Pick<Charge, 'pay' | 'raiseMinimum'>,
): Promise<CheckedRequest> {
  const { headers } = request;
  let { url } = request;
  const pay = (bytes: number) => payForReading(bytesCost(bytes), limits, charge);
  // The server sends no body in answer to HEAD.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method === 'GET') {
    const { search, searchParams } = new URL(url);
    await pay(search.length);
    if (!isUtf8Encoded(search)) throw badInput('The query string is not well-formed UTF-8.');
    for (const name of ['query', 'variables', 'extensions']) requireShallow(searchParams.get(name) ?? '');
    for (const name of ['variables', 'extensions']) {
      parseJson(searchParams.get(name) || 'null', `The parameter ${name} is not JSON.`);
    }
    if (searchParams.get('operationName') === '') {
      searchParams.delete('operationName');
      url = Object.assign(new URL(url), { search: searchParams.toString() }).href;
    }
  }
  if (method !== 'POST') return { url, method, headers, body: null, json: undefined };
  const type = (headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' || headers.has('content-encoding')) {
    throw new RelaylogError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Content-Type must be application/json, without Content-Encoding.',
    );
  }
  using read = await readBody(request, limits.maxBytes, limits.bodyMemory).catch(async (error) => {
    // A body that declares its length is rejected before it is read.
    const wasRead = error instanceof RelaylogError && error.code === 'PAYLOAD_TOO_LARGE';
    if (wasRead && !headers.has('content-length')) await pay(limits.maxBytes);
    throw error;
  });
  await pay(read.bytes.length);
  const body = decodedUtf8(read.bytes);
  if (body === null) throw badInput('The body is not well-formed UTF-8.');
  requireShallow(body);
  const json = parseJson(body, 'The body is not JSON.');
  if (typeof json !== 'object' || json === null) return { url, method, headers, body, json };
  const { query, operationName } = json as Readonly<Record<string, unknown>>;
  if (typeof query === 'string') requireShallow(query);
  // Some clients send an empty name for an operation without a name.
  if (operationName !== '') return { url, method, headers, body, json };
  const named = { ...json, operationName: null };
  return { url, method, headers, body: JSON.stringify(named), json: named };
}

/**
 * Counts brackets outside of strings and comments in one pass. A regular expression would rescan from each quote, which is
 * quadratic in a long text.
 *
 * @throws RelaylogError BAD_USER_INPUT if brackets are nested more than `MAX_NESTING` levels deep.
 */
function requireShallow(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const change = DEPTH_CHANGES[text.charCodeAt(at)] ?? 0;
    if (change === QUOTE) at = endOfString(text, at);
    else if (change === COMMENT) at = endOfLine(text, at);
    else depth += change;
    if (depth > MAX_NESTING) throw badInput(`The request is nested more than ${MAX_NESTING} levels deep.`);
  }
}

/** How each ASCII character changes the depth. `QUOTE` and `COMMENT` mark the start of a span to skip. */
const [QUOTE, COMMENT] = [2, 3];
const DEPTH_CHANGES = new Int8Array(128);
for (const opening of '[({') DEPTH_CHANGES[opening.charCodeAt(0)] = 1;
for (const closing of '])}') DEPTH_CHANGES[closing.charCodeAt(0)] = -1;
DEPTH_CHANGES['"'.charCodeAt(0)] = QUOTE;
DEPTH_CHANGES['#'.charCodeAt(0)] = COMMENT;

/** Returns the index of the closing quote of the string that starts at `start`, or the text's length if it is not closed. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlock(text, start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE_CODE) return at;
    if (code === BACKSLASH_CODE) at += 1;
  }
  return text.length;
}

const [QUOTE_CODE, BACKSLASH_CODE] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];

function endOfBlock(text: string, start: number): number {
  let at = start;
  do {
    at = text.indexOf('"""', at + 3);
    if (at < 0) return text.length;
  } while (text[at - 1] === '\\');
  return at + 2;
}

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function parseJson(text: string, message: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(message);
  }
}
