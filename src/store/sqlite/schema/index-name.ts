import { type LogIndex, SQLITE_INDEXES } from '../../indexes.ts';

/** The name of the index in SQLite. The index `newest` is the primary key: the table is stored in its order. */
export function indexName(index: LogIndex): string {
  return index.name === SQLITE_INDEXES.newest.name
    ? 'sqlite_autoindex_request_logs_1'
    : `request_logs_${index.name}`;
}
