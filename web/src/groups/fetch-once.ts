import {
  createOperationDescriptor,
  fetchQuery,
  type GraphQLTaggedNode,
  getRequest,
  type IEnvironment,
  type OperationType,
} from 'relay-runtime';

/** What the server answers to an operation, or the store. Null if it failed. It is pending for ever after an abort. */
export function fetchOnce<T extends OperationType>(
  environment: IEnvironment,
  query: GraphQLTaggedNode,
  variables: T['variables'],
  signal: AbortSignal,
): Promise<T['response'] | null> {
  // As for a panel: the answer stays in the store, and the operation counts as shown.
  const retained = environment.retain(createOperationDescriptor(getRequest(query), variables));
  signal.addEventListener('abort', () => retained.dispose());
  return new Promise((resolve) => {
    const { unsubscribe } = fetchQuery<T>(environment, query, variables, {
      fetchPolicy: 'store-or-network',
    }).subscribe({ next: resolve, error: () => resolve(null) });
    signal.addEventListener('abort', unsubscribe);
  });
}
