import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Answer } from '../../http/respond.ts';
import { CountedCache } from '../../lib/counted-cache.ts';
import { RelaylogError } from '../../log/errors.ts';
import { recordOperation } from '../../telemetry/call.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { CheckedRequest } from '../checked-request.ts';
import {
  type Context,
  createContext,
  forgetContext,
  type GraphQLCall,
  type ShownSettings,
} from '../context.ts';
import { documentCost } from '../reading-cost.ts';
import { requireReadable, requireWithin } from '../use-query-limits.ts';
import { BailOut, FALLBACK_REASONS, fallbackReason } from './bail-out.ts';
import { type OperationRequest, requested } from './operation-request.ts';
import { Programs } from './programs.ts';
import { replayable } from './replay.ts';

/** Handles a GraphQL request: returns Yoga's `Response`, or an answer that is still to be sent. */
export type Handle<R extends Response | Answer = Response | Answer> = (
  request: CheckedRequest,
  call: GraphQLCall,
) => Promise<R>;

export interface CompiledParts {
  readonly schema: GraphQLSchema;
  readonly settings: ShownSettings;
  readonly metrics: Pick<Metrics, 'cache' | 'counter' | 'gauge' | 'labelled'>;
  /** Called with each unexpected error in the compiled executor and the name of the operation. */
  report(error: unknown, details: { readonly operation: string }): void;
}

/** Content types of a single JSON response, in contrast to event streams and multipart responses. */
const PLAIN_JSON = /^application\/(graphql-response\+)?json\b/;
/** Maximum number of Accept headers whose negotiated content type is cached. */
const MAX_ACCEPT_HEADERS = 100;

/**
 * Entry point of the compiled executor; everything else in this folder is private to it. After graphql-js has executed an
 * operation without errors, or until its client disconnected, the operation is compiled and later requests use the compiled
 * version. If the compiled version cannot produce the response, graphql-js executes the request from the start. Every fallback
 * is counted, and unexpected errors are reported.
 */
export function compiledFirst({ schema, settings, metrics, report }: CompiledParts) {
  const { limits } = settings;
  const programs = new Programs(schema);
  const types = new CountedCache<string>({ max: MAX_ACCEPT_HEADERS });
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

  /** @throws BailOut; any error of the limits, the charge or a resolver. */
  async function answer(
    accept: string,
    { key, variables }: OperationRequest,
    call: GraphQLCall,
  ): Promise<Answer> {
    const type = types.get(accept);
    if (type === undefined) throw new BailOut('accept_header', 'the Accept header is not known');
    const known = programs.operation(key);
    await requireReadable(documentCost(known.document, variables), limits, call);
    const coerced = programs.variables(known, variables);
    const run = programs.program(key, known, coerced);
    const cost = programs.cost(known, variables);
    requireWithin(limits, cost);
    const context = createContext(call, settings);
    await context.cost.begin(cost.cost);
    recordOperation(known.operation.name?.value ?? 'anonymous');
    const data = await run(context, coerced).finally(() => forgetContext(context));
    answers += 1;
    return { headers: { 'content-type': type }, body: JSON.stringify({ data }) };
  }

  const nameOf = ({ key, operationName }: OperationRequest) =>
    operationName ?? programs.operations.get(key)?.operation.name?.value ?? 'anonymous';

  return {
    /** Yoga plugin that adds the operations that graphql-js executed to the compiled ones. */
    plugin: {
      onExecute: ({ args }) => ({
        onExecuteDone({ result }) {
          // Whoever disconnects is likely to ask again.
          const succeeded = 'errors' in result ? (result.errors ?? []).every(isDisconnect) : 'data' in result;
          const { onSuccess } = args.contextValue as Partial<ObservedCall>;
          if (succeeded) onSuccess?.(args.document);
        },
      }),
    } satisfies Plugin<Context>,

    /** Wraps Yoga's handler: returns the same responses, and faster if the operation is compiled. */
    wrap(yogaHandler: Handle<Response>): Handle {
      return async (request, call) => {
        const operation = requested(request);
        if (operation === null) return yogaHandler(request, call);
        const accept = request.headers.get('accept') ?? '';
        const logs = replayable(call.logs);
        const observed: ObservedCall = {
          ...call,
          logs: logs.object,
          onSuccess: (document) => programs.add(operation.key, document, operation.operationName),
        };
        try {
          return await answer(accept, operation, observed);
        } catch (error) {
          // Nobody reads the response.
          if (isDisconnect(error)) throw error;
          const reason = fallbackReason(error);
          countFallback(reason);
          if (reason === 'fault') report(error, { operation: nameOf(operation) });
          logs.rewind();
          const response = await yogaHandler(request, observed);
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

/** Whether an operation was not finished because its client has disconnected. */
function isDisconnect(error: unknown): boolean {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof RelaylogError && cause.code === 'CLIENT_CLOSED_REQUEST';
}

/** A call that is notified when its operation was executed without errors. */
interface ObservedCall extends GraphQLCall {
  onSuccess(document: DocumentNode): void;
}
