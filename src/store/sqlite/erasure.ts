import { timeOfLogId } from '../../log/log-id.ts';
import type { LogQuery } from '../../log/query.ts';
import type { RequestLog } from '../../log/request-log.ts';
import { type Erasure, type ErasureStep, erasureQuery, matching, nextStep } from '../erasure.ts';
import type { DeletedOrganization } from '../store.ts';
import { isOnePage, SQLITE_PATHS } from './access-paths.ts';
import type { Database } from './database.ts';
import { idBytes } from './schema/id-bytes.ts';
import type { Names } from './schema/names.ts';
import { raw, type Sql, sql } from './sql/sql.ts';
import { dropRollUps } from './stats/roll-up-marks.ts';
import { forgetLogs } from './text/changed-logs.ts';
import type { TextLimits } from './text/limits.ts';
import { deleteRanges } from './text/ranges.ts';
import { addDeletedLogs, DELETED_LOG, type DeletedLog, deleteLedger, forgetApiKey } from './usage-ledger.ts';

/** Everything that is stored for one log, by `(organization_id, id)`. A table that holds more of a log joins here. */
const LOG_TABLES = ['request_log_payloads', 'request_logs'];

/** Deletes an organization and its keys, by one commit. */
export function deleteOrganization(db: Database, id: string): DeletedOrganization {
  return db.transaction(() => ({
    keys: db.run(sql`DELETE FROM api_keys WHERE organization_id = ${id}`),
    existed: db.run(sql`DELETE FROM organizations WHERE id = ${id}`) === 1,
  }));
}

/** Adds the usage of the logs to the ledger, without their API keys. The ledger of a deleted organization is deleted. */
function moveUsage(
  { db, names }: { db: Database; names: Names },
  { organizationId, match }: Erasure,
  organization: number,
  logs: Sql,
): void {
  if (match === null) {
    deleteLedger(db, organization, null);
    return;
  }
  const deleted = db.rows<DeletedLog>(sql`SELECT ${DELETED_LOG} FROM request_logs WHERE ${logs}`);
  addDeletedLogs(db, organizationId, organization, deleted.map(withoutApiKey));
  if (match.field === 'apiKeyId') forgetApiKey(db, organization, names.numberOf(match.value));
}

function withoutApiKey([id, endpointType, _apiKey, ...rest]: DeletedLog): DeletedLog {
  return [id, endpointType, null, ...rest];
}

/**
 * One step of an erasure. Reads outside of the transaction, so that writers wait only for the deletion.
 *
 * @param find reads a page of logs.
 */
export function eraseStep(
  {
    db,
    names,
    textLimits,
    find,
  }: { db: Database; names: Names; textLimits: TextLimits; find(query: LogQuery): RequestLog[] },
  erasure: Erasure,
  after: ErasureStep['next'],
): ErasureStep {
  const logs = find(
    erasureQuery(erasure, after ?? undefined, (query) => isOnePage(query, SQLITE_PATHS.planPage(query))),
  );
  const ids = matching(erasure, logs);
  const next = nextStep(logs);
  // The last step has no log to delete, but a purge may have added to the ledger since the first one.
  if (ids.length === 0 && after !== null && next !== null) return { deleted: 0, next };
  const deleted = db.transaction(() => {
    names.refresh();
    const organization = names.numberOf(erasure.organizationId);
    const these = sql`
      organization_id = ${organization} AND id IN (SELECT unhex(value, '-') FROM json_each(${JSON.stringify(ids)}))`;
    moveUsage({ db, names }, erasure, organization, these);
    dropRollUps(db, organization, ids.map(timeOfLogId));
    if (erasure.match === null) deleteRanges(db, organization);
    else forgetLogs(db, organization, ids.map(idBytes), Date.now(), textLimits);
    const changed = LOG_TABLES.map((table) => db.run(sql`DELETE FROM ${raw(table)} WHERE ${these}`));
    return changed.at(-1)!;
  });
  return { deleted, next };
}
