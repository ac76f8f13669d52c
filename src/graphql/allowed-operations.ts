import { readFileSync } from 'node:fs';
import {
  defaultExtractPersistedOperationId,
  usePersistedOperations,
} from '@graphql-yoga/plugin-persisted-operations';
import { type GraphQLSchema, parse, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { z } from 'zod';
import { badInput, RelaylogError } from '../log/errors.ts';

const operationsSchema = z.record(z.string().min(1), z.string().min(1));

/**
 * Reads a file of persisted operations, in the format that Relay's compiler and GraphQL Code Generator write:
 * `{"id": "query …"}`.
 *
 * @throws Error if the file cannot be read or an operation is not valid for the schema. The message names the file and
 * each invalid operation.
 */
export function readOperations(file: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const operations = new Map(Object.entries(parseFile(file)));
  const problems = [...operations].flatMap(([id, text]) =>
    problemsOf(schema, text).map((message) => `${id}: ${message}`),
  );
  if (problems.length > 0) {
    throw new Error(
      `RELAYLOG_GRAPHQL_OPERATIONS_FILE: ${file} contains invalid operations.\n  ${problems.join('\n  ')}`,
    );
  }
  return operations;
}

function parseFile(file: string): Record<string, string> {
  try {
    return operationsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(
      `RELAYLOG_GRAPHQL_OPERATIONS_FILE must name a JSON file of the form {"id": "query …"}: ${reason}`,
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

/** Request parameter that names an allowed operation; an extension of GraphQL over HTTP. */
export const OPERATION_PARAMETER = 'documentId';

/**
 * Yoga plugin that executes only these operations. A client sends the id of an operation as `documentId`, or as Apollo
 * does in `extensions.persistedQuery.sha256Hash`.
 *
 * @param toRefusal converts an error to the one that the client receives: nothing was executed.
 */
export function useAllowedOperations(
  operations: ReadonlyMap<string, string>,
  toRefusal: (error: unknown) => Error,
): Plugin {
  const refusal = (error: RelaylogError) => toRefusal(error) as never;
  const refuse = (message: string) => () => refusal(badInput(message));
  return usePersistedOperations({
    getPersistedOperation: (id) => operations.get(id) ?? null,
    extractPersistedOperationId: (params, request, context) =>
      documentId(params, request) ?? defaultExtractPersistedOperationId(params, request, context),
    customErrors: {
      notFound: ({ params, request }) =>
        documentId(params, request) === null
          ? refusal(new RelaylogError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'))
          : refusal(badInput('No allowed operation has this id.')),
      keyNotFound: refuse(`Send the id of an allowed operation as ${OPERATION_PARAMETER}.`),
      persistedQueryOnly: refuse(
        `This server executes only allowed operations: send ${OPERATION_PARAMETER} instead of a query.`,
      ),
    },
  });
}

function documentId(params: GraphQLParams & { documentId?: unknown }, request: Request): string | null {
  if (typeof params.documentId === 'string') return params.documentId;
  return request.method === 'GET' ? new URL(request.url).searchParams.get(OPERATION_PARAMETER) : null;
}
