import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { badInput, RelaylogError } from '../log/errors.ts';
import type { CheckedRequest } from './checked-request.ts';
import type { Handle } from './compiled/compiled-first.ts';
import type { GraphQLCall } from './context.ts';
import type { QueryLimits } from './limits.ts';
import type { PersistedTexts } from './persisted-texts.ts';
import { bytesCost, payForReading } from './reading-cost.ts';

/** A call whose request was refused before it reached Yoga, which gives the error the form that the client accepts. */
interface RefusedCall extends GraphQLCall {
  readonly refusal?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Serves automatic persisted queries: a client sends the SHA-256 hash of a query in `extensions.persistedQuery`. If the hash
 * is unknown, the answer is PersistedQueryNotFound, and the client sends the hash together with the query once. A query that
 * was found by its hash is charged by its size, as if it had been sent.
 *
 * @param handle receives the request with its query and without the hash.
 * @param refuse receives a request with an error in `refusal`.
 */
export function persistedQueries(
  texts: PersistedTexts,
  limits: Pick<QueryLimits, 'maxCost'>,
  handle: Handle,
  refuse: Handle,
): Handle {
  return async (request, call) => {
    let resolved: CheckedRequest;
    let found = '';
    try {
      resolved = withQuery(request, (hash, sent) => {
        found = textOf(texts, call.viewer.organizationId, hash, sent);
        return found;
      });
      await payForReading(bytesCost(Buffer.byteLength(found)), limits, call.charge);
    } catch (refusal) {
      return refuse(request, { ...call, refusal } as GraphQLCall);
    }
    return handle(resolved, call);
  };
}

/** Yoga plugin that answers a refused call. Must be the first one that reads parameters. */
export function useRefusals(toRefusal: (error: unknown) => Error): Plugin<object, RefusedCall> {
  return {
    onParams({ context: { refusal } }) {
      if (refusal !== undefined) throw toRefusal(refusal);
    },
  };
}

/** @throws RelaylogError PERSISTED_QUERY_NOT_FOUND; BAD_USER_INPUT if the hash is not that of the query. */
function textOf(texts: PersistedTexts, organizationId: string, hash: string, sent: unknown): string {
  if (sent === undefined || sent === null || sent === '') {
    const known = texts.get(organizationId, hash);
    if (known !== undefined) return known;
    throw new RelaylogError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }
  if (typeof sent !== 'string' || createHash('sha256').update(sent).digest('hex') !== hash) {
    throw badInput('extensions.persistedQuery.sha256Hash is not the SHA-256 hash of the query.');
  }
  texts.set(organizationId, hash, sent);
  return sent;
}

type TextOf = (hash: string, sent: unknown) => string;

/** Returns the request with the text of its query, if it names one by a hash. */
function withQuery(request: CheckedRequest, textOf: TextOf): CheckedRequest {
  return request.method === 'GET' ? getWithQuery(request, textOf) : postWithQuery(request, textOf);
}

function postWithQuery(request: CheckedRequest, textOf: TextOf): CheckedRequest {
  const { json } = request;
  if (!isObject(json) || !isObject(json.extensions)) return request;
  const { persistedQuery, ...extensions } = json.extensions;
  if (persistedQuery === undefined || persistedQuery === null) return request;
  const resolved = { ...json, query: textOf(hashIn(persistedQuery), json.query), extensions };
  return { ...request, json: resolved, body: JSON.stringify(resolved) };
}

function getWithQuery(request: CheckedRequest, textOf: TextOf): CheckedRequest {
  const url = new URL(request.url);
  const { searchParams } = url;
  const sent = JSON.parse(searchParams.get('extensions') || 'null');
  if (!isObject(sent)) return request;
  const { persistedQuery, ...extensions } = sent;
  if (persistedQuery === undefined || persistedQuery === null) return request;
  searchParams.set('query', textOf(hashIn(persistedQuery), searchParams.get('query')));
  searchParams.set('extensions', JSON.stringify(extensions));
  const variables = JSON.parse(searchParams.get('variables') || 'null');
  // Written as the body of a POST, it can be compiled. Yoga reports variables that are not valid.
  const operationName = searchParams.get('operationName');
  const json = { ...Object.fromEntries(searchParams), operationName, variables, extensions };
  return { ...request, url: url.href, json: isObject(variables ?? {}) ? json : undefined };
}

/** @throws RelaylogError BAD_USER_INPUT */
function hashIn(persistedQuery: unknown): string {
  if (isObject(persistedQuery)) {
    const { version, sha256Hash } = persistedQuery;
    if (version === 1 && typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash))
      return sha256Hash;
  }
  throw badInput(
    'extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"}, with the hash as 64 digits 0-9 and a-f.',
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
