import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { recordOperation } from '../telemetry/call.ts';

/** Yoga plugin that records the name of the executed operation for the log and the metrics. */
export function useOperationName(): Plugin {
  return {
    onExecute({ args: { document, operationName } }) {
      recordOperation(getOperationAST(document, operationName)?.name?.value ?? 'anonymous');
    },
  };
}
