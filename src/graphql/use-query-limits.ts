import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badInput } from '../log/errors.ts';
import type { Context } from './context.ts';
import type { QueryLimits } from './limits.ts';
import { costOf, type QueryCost } from './query-cost.ts';
import { parseWithin } from './syntax-limits.ts';

/** Refuses what is past a limit or cannot be paid, before any of it is done. @param told gives the error that the client sees. */
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
        setResultAndStopExecution({ errors: [refused(toClientError(error))] } as never);
      }
    },
  };
}

/** @throws RelaylogError BAD_USER_INPUT that states what the query costs and what it may cost. */
export function requireWithin({ maxDepth, maxCost }: QueryLimits, { depth, cost }: QueryCost): void {
  if (depth > maxDepth) {
    throw badInput(`The query is ${depth} levels deep; at most ${maxDepth} are accepted.`);
  }
  if (cost > maxCost) {
    throw badInput(
      `The query costs ${cost} and the budget is ${maxCost}: ask for smaller pages, fewer fields or fewer counts.`,
    );
  }
}

/** As where a variable is wrong: nothing was executed. */
function refused({ message, nodes, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { ...extensions, http: extensions.http ?? { status: 400 } },
  });
}
