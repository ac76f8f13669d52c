/** The input type of the API. Relay's compiler generates it for the operation that needs most of it. */
export type { RequestLogFilter } from '../__generated__/LogTableQuery.graphql';
