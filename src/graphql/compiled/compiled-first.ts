import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Answer } from '../../http/respond.ts';
import { CountedCache } from '../../lib/counted-cache.ts';
import { recordOperation } from '../../telemetry/call.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { CheckedRequest } from '../checked-request.ts';
import { type Context, createContext, forgetContext, type GraphQLCall } from '../context.ts';
import type { Limits } from '../limits.ts';
import { requireWithin } from '../use-query-limits.ts';
import { BailOut, FALLBACK_REASONS, fallbackReason } from './bail-out.ts';
import { type OperationRequest, requested } from './operation-request.ts';
import { Programs } from './programs.ts';
import { replayable } from './replay.ts';

/** Gives Yoga's own response, or the answer to send. */
export type Handle<R extends Response | Answer = Response | Answer> = (
  request: CheckedRequest,
  call: GraphQLCall,
) => Promise<R>;

export interface CompiledParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly metrics: Pick<Metrics, 'cache' | 'counter' | 'gauge' | 'labelled'>;
  /** Called with each fault of the compiled executor, and the operation that it failed in. */
  report(error: unknown, details: { readonly operation: string }): void;
}

/** The type of an answer that is JSON alone; a stream of events or of parts wraps it. */
const PLAIN_JSON = /^application\/(graphql-response\+)?json\b/;
/** How many different Accept headers are kept, each with the type that it gets. */
const KEPT_TYPES = 100;

/**
 * Entry point of the compiled executor; everything else in this folder is private to it. An operation is compiled once
 * graphql-js has answered it without an error. From then on it is answered here, unless something goes wrong: then
 * graphql-js answers the request from the start. Faults of the compiled executor are reported; every fallback is counted.
 */
export function compiledFirst({ schema, limits, metrics, report }: CompiledParts) {
  const programs = new Programs(schema);
  const types = new CountedCache<string>({ max: KEPT_TYPES });
  let answers = 0;
  const { operations, costs } = programs;
  metrics.cache('compiled_operations', operations);
  metrics.cache('operation_costs', costs);
  metrics.cache('accept_headers', types);
  metrics.gauge('relaylog_graphql_compiled_characters', () => operations.weight);
  metrics.counter('relaylog_graphql_compiled_answers_total', () => answers);
  const countFallback = metrics.labelled(
    'relaylog_graphql_compiled_fallbacks_total',
    Object.keys(FALLBACK_REASONS),
  );

  /** @throws BailOut, or whatever failed. */
  async function answer(
    accept: string,
    { key, variables }: OperationRequest,
    call: GraphQLCall,
  ): Promise<Answer> {
    const type = types.get(accept);
    if (type === undefined) throw new BailOut('accept_header', 'the Accept header is not known');
    const known = programs.operation(key);
    const coerced = programs.variables(known, variables);
    const run = programs.program(key, known, coerced);
    const cost = programs.cost(known, variables);
    requireWithin(limits, cost);
    await call.charge.pay(cost.cost);
    recordOperation(known.operation.name?.value ?? 'anonymous');
    const context = createContext(call, limits);
    const data = await run(context, coerced).finally(() => forgetContext(context));
    answers += 1;
    const body = JSON.stringify({ data });
    const headers = { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
    return { headers, body };
  }

  const nameOf = ({ key, operationName }: OperationRequest) =>
    operationName ?? programs.operations.get(key)?.operation.name?.value ?? 'anonymous';

  return {
    /** Compiles the operations that graphql-js answered. */
    plugin: {
      onExecute: ({ args }) => ({
        onExecuteDone({ result }) {
          const clean = 'errors' in result ? result.errors === undefined : 'data' in result;
          const { answered } = args.contextValue as Partial<Learning>;
          if (clean) answered?.(args.document);
        },
      }),
    } satisfies Plugin<Context>,

    /** The same answers as `byYoga` gives, faster if the operation is compiled. */
    before(byYoga: Handle<Response>): Handle {
      return async (request, call) => {
        const question = requested(request);
        if (question === null) return byYoga(request, call);
        const accept = request.headers.get('accept') ?? '';
        const logs = replayable(call.logs);
        const observed: Learning = {
          ...call,
          logs: logs.object,
          answered: (document) => programs.add(question.key, document, question.operationName),
        };
        try {
          return await answer(accept, question, observed);
        } catch (error) {
          const reason = fallbackReason(error);
          countFallback(reason);
          if (reason === 'fault') report(error, { operation: nameOf(question) });
          logs.rewind();
          const response = await byYoga(request, observed);
          const type = response.headers.get('content-type');
          if (response.ok && type !== null && PLAIN_JSON.test(type)) types.set(accept, type);
          return response;
        } finally {
          logs.forget();
        }
      };
    },
  };
}

/** A call that hears when its operation was executed without an error. */
interface Learning extends GraphQLCall {
  answered(document: DocumentNode): void;
}
