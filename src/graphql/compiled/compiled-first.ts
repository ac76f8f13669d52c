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
import { BailOut } from './bail-out.ts';
import { type OperationRequest, requested } from './operation-request.ts';
import { Programs } from './programs.ts';
import { replayable } from './replay.ts';

/** Gives Yoga's own response, or what is to be answered. */
export type Handle<R extends Response | Answer = Response | Answer> = (
  request: CheckedRequest,
  call: GraphQLCall,
) => Promise<R>;

export interface CompiledParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly metrics: Pick<Metrics, 'cache' | 'counter' | 'gauge'>;
}

/** Of an answer that is the JSON alone; a stream of events or of parts wraps it. */
const PLAIN_JSON = /^application\/(graphql-response\+)?json\b/;
/** What clients accept, and what they then get: as many ways to say it are kept. */
const KEPT_TYPES = 100;

/**
 * The one door to the compiled way. An operation that the ordinary way answered without an error is compiled, and from
 * then on answered here for as long as all goes well. Whatever else comes goes the ordinary way, from the start: what is
 * not JSON by POST, not known yet, over a limit, without a right, or wrong in any way.
 */
export function compiledFirst({ schema, limits, metrics }: CompiledParts) {
  const programs = new Programs(schema);
  const types = new CountedCache<string>({ max: KEPT_TYPES });
  let answers = 0;
  const { cache, gauge, counter } = metrics;
  const { operations, costs } = programs;
  cache('relaylog_compiled_operations', 'Operations that are kept compiled.', operations);
  gauge(
    'relaylog_compiled_characters',
    'Characters of their texts, once and once more for each program.',
    () => operations.weight,
  );
  counter('relaylog_compiled_answers_total', 'Requests that were answered compiled.', () => answers);
  cache('relaylog_operation_costs', 'Costs of operations that are remembered.', costs);
  cache('relaylog_accept_headers', 'Accept headers whose content type is remembered.', types);

  /** @throws Refused, or whatever went wrong. */
  async function answer(
    accept: string,
    { key, variables }: OperationRequest,
    call: GraphQLCall,
  ): Promise<Answer> {
    const type = types.get(accept);
    if (type === undefined) throw new BailOut('an Accept header that is not known');
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

  return {
    /** Tells of the operations that the ordinary way answers. */
    plugin: {
      onExecute: ({ args }) => ({
        onExecuteDone({ result }) {
          const clean = 'errors' in result ? result.errors === undefined : 'data' in result;
          const { answered } = args.contextValue as Partial<Learning>;
          if (clean) answered?.(args.document);
        },
      }),
    } satisfies Plugin<Context>,

    /** The same as the ordinary way, and faster where it can be. */
    before(ordinary: Handle<Response>): Handle {
      return async (request, call) => {
        const question = requested(request);
        if (question === null) return ordinary(request, call);
        const accept = request.headers.get('accept') ?? '';
        const logs = replayable(call.logs);
        const learning: Learning = {
          ...call,
          logs: logs.object,
          answered: (document) => programs.learn(question.key, document, question.operationName),
        };
        try {
          return await answer(accept, question, learning);
        } catch {
          logs.rewind();
          const response = await ordinary(request, learning);
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

/** A call that is told when its operation was executed without an error. */
interface Learning extends GraphQLCall {
  answered(document: DocumentNode): void;
}
