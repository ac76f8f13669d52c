import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { recordOperation } from '../telemetry/call.ts';

/** Notes which operation is executed, for the log and the metrics. */
export function useOperationName(): Plugin {
  return {
    onExecute({ args: { document, operationName } }) {
      recordOperation(getOperationAST(document, operationName)?.name?.value ?? 'anonymous');
    },
  };
}
