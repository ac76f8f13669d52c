import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badInput } from '../log/errors.ts';
import type { Context } from './context.ts';
import type { QueryLimits } from './limits.ts';
import { costOf, type QueryCost } from './query-cost.ts';
import { parseWithin } from './syntax-limits.ts';

/**
 * Yoga plugin that rejects a query, before it is executed, if it exceeds a limit or if its cost exceeds the rate limit.
 *
 * @param toClientError converts an error to the one that the client receives.
 */
export function useQueryLimits(
  limits: QueryLimits,
  toClientError: (error: unknown) => GraphQLError,
): Plugin<Context> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseWithin(limits, source, options));
    },
    async onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      try {
        const requested = costOf(schema as GraphQLSchema, document, operationName, variableValues ?? {});
        requireWithin(limits, requested);
        await contextValue.charge.pay(requested.cost);
      } catch (error) {
        setResultAndStopExecution({ errors: [asBadRequest(toClientError(error))] } as never);
      }
    },
  };
}

/** @throws RelaylogError BAD_USER_INPUT if the query exceeds a limit; the message states the value and the limit. */
export function requireWithin({ maxDepth, maxCost }: QueryLimits, { depth, cost }: QueryCost): void {
  if (depth > maxDepth) {
    throw badInput(`The query is ${depth} levels deep; at most ${maxDepth} are accepted.`);
  }
  if (cost > maxCost) {
    throw badInput(
      `The query costs ${cost}, and the limit is ${maxCost}: request smaller pages, fewer fields or fewer counts.`,
    );
  }
}

/** Sets the status to 400, as for invalid variables, unless the error has its own: nothing was executed. */
function asBadRequest({ message, nodes, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { ...extensions, http: extensions.http ?? { status: 400 } },
  });
}
