import { readFileSync } from 'node:fs';
import {
  defaultExtractPersistedOperationId,
  usePersistedOperations,
} from '@graphql-yoga/plugin-persisted-operations';
import { type GraphQLSchema, parse, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { z } from 'zod';
import { badInput } from '../log/errors.ts';

const operationsSchema = z.record(z.string().min(1), z.string().min(1));

/**
 * The operations of a file such as Relay's compiler and GraphQL Code Generator write: `{"id": "query …"}`.
 *
 * @throws Error that names the file, and each operation that the schema would not answer.
 */
export function readOperations(file: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const operations = new Map(Object.entries(parsed(file)));
  const problems = [...operations].flatMap(([id, text]) =>
    problemsOf(schema, text).map((message) => `${id}: ${message}`),
  );
  if (problems.length > 0) {
    throw new Error(
      `RELAYLOG_GRAPHQL_OPERATIONS_FILE: ${file} holds what cannot be answered.\n  ${problems.join('\n  ')}`,
    );
  }
  return operations;
}

function parsed(file: string): Record<string, string> {
  try {
    return operationsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(
      `RELAYLOG_GRAPHQL_OPERATIONS_FILE must name a JSON file such as {"id": "query …"}: ${reason}`,
    );
  }
}

function problemsOf(schema: GraphQLSchema, text: string): string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Parameters of a request besides those of GraphQL over HTTP. */
export const OPERATION_PARAMETER = 'documentId';

/**
 * Answers these operations and no others. A client names one as `documentId`, or as Apollo does in
 * `extensions.persistedQuery.sha256Hash`.
 *
 * @param told gives the error that the client sees.
 */
export function useAllowedOperations(
  operations: ReadonlyMap<string, string>,
  toClientError: (error: unknown) => Error,
): Plugin {
  const refuse = (message: string) => () => toClientError(badInput(message)) as never;
  return usePersistedOperations({
    getPersistedOperation: (id) => operations.get(id) ?? null,
    extractPersistedOperationId: (params, request, context) =>
      documentId(params, request) ?? defaultExtractPersistedOperationId(params, request, context),
    customErrors: {
      notFound: refuse('There is no allowed operation of this id.'),
      keyNotFound: refuse(`Name an allowed operation as ${OPERATION_PARAMETER}.`),
      persistedQueryOnly: refuse(
        `Only allowed operations are answered here: send ${OPERATION_PARAMETER} instead of a query.`,
      ),
    },
  });
}

function documentId(params: GraphQLParams & { documentId?: unknown }, request: Request): string | null {
  if (typeof params.documentId === 'string') return params.documentId;
  return request.method === 'GET' ? new URL(request.url).searchParams.get(OPERATION_PARAMETER) : null;
}
