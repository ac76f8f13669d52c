import { LOG_INDEXES, type LogIndex } from '../../indexes.ts';
import { LOG_COLUMN_NAMES, LOG_COLUMNS, type LogColumn, snakeCase } from './columns.ts';

/** The rows themselves are kept in the order of the index `newest`: it is the primary key. */
export function indexName(index: LogIndex): string {
  return index.name === LOG_INDEXES.newest.name
    ? 'sqlite_autoindex_request_logs_1'
    : `request_logs_${index.name}`;
}

/** The columns of an index: `createdAt, id` is the id alone, which begins with the time. */
function columnsOf(index: LogIndex): string {
  return index.keys
    .filter((key): key is LogColumn => key !== 'createdAt')
    .map(snakeCase)
    .join(', ');
}

/** Makes the table of the logs, without the indexes. */
export const CREATE_LOG_TABLE = `
  CREATE TABLE request_logs (
    ${LOG_COLUMN_NAMES.map((name) => `${snakeCase(name)} ${LOG_COLUMNS[name]}`).join(',\n    ')},
    PRIMARY KEY (${columnsOf(LOG_INDEXES.newest)})
  ) STRICT, WITHOUT ROWID;`;

/** Makes the indexes that the table itself is not. */
export const CREATE_LOG_INDEXES = Object.values(LOG_INDEXES)
  .filter((index) => index !== LOG_INDEXES.newest)
  .map(createIndex)
  .join('\n');

function createIndex(index: LogIndex): string {
  const where = index.minStatusCode === undefined ? '' : ` WHERE status_code >= ${index.minStatusCode}`;
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${indexName(index)} ON request_logs (${columnsOf(index)})${where};`;
}
