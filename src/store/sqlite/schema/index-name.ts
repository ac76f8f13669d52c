import { LOG_INDEXES, type LogIndex } from '../../indexes.ts';

/** The rows themselves are kept in the order of the index `newest`: it is the primary key. */
export function indexName(index: LogIndex): string {
  return index.name === LOG_INDEXES.newest.name
    ? 'sqlite_autoindex_request_logs_1'
    : `request_logs_${index.name}`;
}
