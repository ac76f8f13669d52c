import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { CountedCache } from '../lib/counted-cache.ts';
import { badInput } from '../log/errors.ts';
import type { Context, GraphQLCall } from './context.ts';
import type { QueryLimits } from './limits.ts';
import { costOf, type QueryCost } from './query-cost.ts';
import { documentCost, payForReading, unparsedCost } from './reading-cost.ts';
import { parseWithin } from './syntax-limits.ts';
import { validateWithin } from './validate-within.ts';

/** Parsed documents by their text, and the errors of texts that do not parse. */
export interface ParsedTexts {
  readonly documents: CountedCache<DocumentNode>;
  readonly errors: CountedCache<Error>;
}

export interface QueryErrors {
  /** Converts an error to the one that the client receives: nothing was executed. */
  toRefusal(error: unknown): GraphQLError;
  /** Whether error messages must not suggest names of the schema. */
  readonly hideSuggestions: boolean;
}

/**
 * Yoga plugin that rejects a query, before it is executed, if it exceeds a limit or if its cost exceeds the rate limit.
 * The cost of reading a request is charged before it is validated.
 *
 */
export function useQueryLimits(
  limits: QueryLimits,
  { documents, errors }: ParsedTexts,
  { toRefusal, hideSuggestions }: QueryErrors,
): Plugin<Context, GraphQLCall> {
  function costToRead(text: string, variables: unknown): number {
    const known = documents.peek(text);
    if (known !== undefined) return documentCost(known, variables);
    if (!errors.has(text)) {
      try {
        const document = parseWithin(limits, text);
        documents.set(text, document);
        return documentCost(document, variables);
      } catch {
        // Yoga parses it once more, to give the error its status.
      }
    }
    return unparsedCost(text, limits, variables);
  }

  return {
    async onParams({ params: { query, variables }, context, setResult }) {
      if (typeof query !== 'string') return;
      try {
        await requireReadable(costToRead(query, variables), limits, context);
      } catch (error) {
        setResult({ errors: [toRefusal(error)] });
      }
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseWithin(limits, source, options));
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules) => validateWithin(schema, document, rules, hideSuggestions));
    },
    async onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      try {
        const requested = costOf(
          schema as GraphQLSchema,
          document,
          operationName,
          variableValues ?? {},
          hideSuggestions,
        );
        requireWithin(limits, requested);
        await contextValue.cost.begin(requested.cost);
      } catch (error) {
        setResultAndStopExecution({ errors: [toRefusal(error)] } as never);
      }
    },
  };
}

/** @throws RelaylogError RATE_LIMITED; BAD_USER_INPUT if reading the request costs more than a query may. */
export async function requireReadable(
  cost: number,
  limits: QueryLimits,
  { charge }: Pick<GraphQLCall, 'charge'>,
): Promise<void> {
  // What is refused was read as well.
  await payForReading(cost, limits, charge);
  requireWithin(limits, { cost, depth: 0 });
}

/** @throws RelaylogError BAD_USER_INPUT if the query exceeds a limit; the message states the value and the limit. */
export function requireWithin({ maxDepth, maxCost }: QueryLimits, { depth, cost }: QueryCost): void {
  if (depth > maxDepth) {
    throw badInput(`The query is ${depth} levels deep; at most ${maxDepth} are accepted.`);
  }
  if (cost > maxCost) {
    throw badInput(
      `The query costs ${cost}, and the limit is ${maxCost}: request smaller pages, fewer fields or fewer counts, or send fewer values in variables.`,
    );
  }
}
