import type { Filter } from '../../log/filter.ts';
import { isLogId, timeOfLogId } from '../../log/log-id.ts';
import { PAYLOAD_PART_NAMES } from '../../log/payload.ts';
import { isVisible, type LogQuery, type LogScope } from '../../log/query.ts';
import type { RequestLog, RequestLogPayload } from '../../log/request-log.ts';
import type { PayloadText } from '../../log/serialized-payload.ts';
import type { PartAnswer } from '../../stats/answer.ts';
import type { CheckedPart } from '../../stats/question.ts';
import type { StatsWork } from '../../stats/work.ts';
import type { UsageEntry, UsageQuestion, UsageRow } from '../../usage/usage.ts';
import type { FilterPlan, StreamValues } from '../access-path.ts';
import type { Erasure, ErasureStep } from '../erasure.ts';
import { payloadFromText } from '../payload-text.ts';
import type { RollUpCheck, RollUpCheckPosition, RollUpStatus } from '../roll-ups/check.ts';
import type { RollUpLimits } from '../roll-ups/declared.ts';
import type { DeletedOrganization, InsertResult, LogCount } from '../store.ts';
import { AccessOperations } from './access-operations.ts';
import { SQLITE_PATHS } from './access-paths.ts';
import { CommitEstimate } from './commit-estimate.ts';
import type { Database } from './database.ts';
import { deleteOrganization, eraseStep } from './erasure.ts';
import { intact } from './errors.ts';
import { insertAll } from './insert.ts';
import { readPage } from './read-page.ts';
import { snakeCase } from './schema/columns.ts';
import { idBytes, idFromHex, timeFromHex } from './schema/id-bytes.ts';
import type { InsertBatch, Interruption } from './schema/insert-batch.ts';
import { Names } from './schema/names.ts';
import { fullReader, type LogRow, pageReader } from './schema/row-reader.ts';
import { deleteOldestSql } from './sql/delete-sql.ts';
import { countSql } from './sql/page-sql.ts';
import { raw, type Sql, sql } from './sql/sql.ts';
import { streamsOf } from './sql/streams.ts';
import { answerStats, statsWork } from './stats/answer.ts';
import { checkRollUps, resetRollUps, rollUpStatus } from './stats/check.ts';
import { dropRollUps } from './stats/roll-up-marks.ts';
import type { StatsSource } from './stats/source.ts';
import { hasDueRollUps, rollUpStep } from './stats/step.ts';
import { hasDueText, textIndexStep } from './text/build.ts';
import { forgetLogs } from './text/changed-logs.ts';
import { TEXT_LIMITS, type TextLimits } from './text/limits.ts';
import { findByText, idsOfSearch, usesText } from './text/text-search.ts';
import { usageOf } from './usage.ts';
import { addDeletedLogs, type DeletedLog, deleteLedger, readLedger, replaceLedger } from './usage-ledger.ts';

const PAYLOAD_COLUMNS = raw(PAYLOAD_PART_NAMES.map((part) => `${snakeCase(part)} AS ${part}`).join(', '));

/** How long a step of background work waits for a large `-wal` file, in milliseconds. A stopping server waits for the step. */
const STEP_WAL_MS = 4_000;

type PayloadRow = { idHex: string } & PayloadText;

/** Every call of the store, done at once on one connection; `SqliteStore` decides in which thread. */
export class SqliteOperations extends AccessOperations {
  readonly #db: Database;
  readonly #textLimits: TextLimits;
  readonly #commits = new CommitEstimate();
  readonly names: Names;

  /** @param textLimits for tests. */
  constructor(db: Database, textLimits: TextLimits = TEXT_LIMITS) {
    super(db);
    this.#db = db;
    this.#textLimits = textLimits;
    this.names = new Names(db);
  }

  /** See `insert.ts`. */
  insertAll(batches: readonly InsertBatch[], interruption?: Interruption): (InsertResult | null)[] {
    const hasOrganization = (id: string) => this.findOrganization(id) !== null;
    const target = {
      db: this.#db,
      commits: this.#commits,
      names: this.names,
      textLimits: this.#textLimits,
      hasOrganization,
    };
    return insertAll(target, batches, interruption);
  }

  /** The rows of a page, which `logsOf` decodes. Sending them to another thread costs half of what sending logs costs. */
  findRows(query: LogQuery, plan = SQLITE_PATHS.planPage(query)): LogRow[] {
    if (plan.residual.op === 'false') return [];
    const { names } = this;
    const source = { db: this.#db, names };
    if (!usesText(plan)) {
      names.refresh();
      return readPage(source, query, plan);
    }
    return this.#db.snapshot(() => {
      names.refresh();
      return findByText(source, query, plan);
    });
  }

  /** Decodes the rows of `findRows`. @throws RelaylogError UNAVAILABLE if a row is damaged. */
  logsOf(query: Pick<LogQuery, 'scope' | 'fields' | 'sort'>, rows: readonly LogRow[]): RequestLog[] {
    const reader = pageReader(query);
    return rows.map((row) => reader.toLog(row, query.scope.organizationId, this.names));
  }

  count(scope: LogScope, filter: Filter, limit: number | null): LogCount {
    const plan = SQLITE_PATHS.planFilter(scope, filter);
    const { names } = this;
    const count = () => {
      names.refresh();
      const streams = this.#streamsOf(plan, scope);
      let counted = 0;
      for (const ids of idsOfSearch({ db: this.#db, names }, scope, plan, streams)) {
        const rest = limit === null ? null : limit - counted;
        for (const statement of countSql(scope, plan, streams, rest, names, ids)) {
          counted += Number(this.#db.get(statement)!.n);
        }
        if (limit !== null && counted > limit) break;
      }
      return counted;
    };
    const found = usesText(plan) ? this.#db.snapshot(count) : count();
    return limit !== null && found > limit ? { count: limit, exact: false } : { count: found, exact: true };
  }

  stats(scope: LogScope, filter: Filter, parts: readonly CheckedPart[]): PartAnswer[] {
    return this.#statistics(scope, (source) => answerStats(source, scope, filter, parts));
  }

  statsWork(scope: LogScope, filter: Filter, parts: readonly CheckedPart[]): StatsWork {
    return this.#statistics(scope, (source) => statsWork(source, scope, filter, parts));
  }

  usage(organizationId: string, question: UsageQuestion): UsageRow[] {
    const scope = { organizationId, visibleFrom: null };
    return this.#statistics(scope, (source) => usageOf(source, scope, question));
  }

  usageLedger(organizationId: string): UsageEntry[] {
    const scope = { organizationId, visibleFrom: null };
    return this.#statistics(scope, ({ db, names }) => readLedger(db, names, organizationId));
  }

  replaceUsageLedger(organizationId: string, entries: readonly UsageEntry[]): void {
    this.#db.transaction(() => {
      this.names.refresh();
      replaceLedger(this.#db, this.names, organizationId, entries);
    });
  }

  deleteUsageBefore(organizationId: string, day: number): void {
    this.#db.transaction(() => {
      this.names.refresh();
      deleteLedger(this.#db, this.names.numberOf(organizationId), day);
    });
  }

  rollUpStep(now: number, limits: RollUpLimits): boolean {
    this.#db.wal.shrinkIfLarge({ withinMs: STEP_WAL_MS });
    return rollUpStep(this.#db, now, limits);
  }

  hasDueRollUps(now: number): boolean {
    return hasDueRollUps(this.#db, now);
  }

  textIndexStep(now: number): boolean {
    this.#db.wal.shrinkIfLarge({ withinMs: STEP_WAL_MS });
    return textIndexStep(this.#db, this.names, now, this.#textLimits);
  }

  hasDueText(now: number): boolean {
    return hasDueText(this.#db, now, this.#textLimits);
  }

  rollUpStatus(): RollUpStatus {
    return this.#db.snapshot(() => rollUpStatus(this.#db));
  }

  resetRollUps(): void {
    resetRollUps(this.#db);
  }

  checkRollUps(after: RollUpCheckPosition | null): RollUpCheck {
    return this.consistently(() =>
      this.#db.snapshot(() => {
        this.names.refresh();
        return checkRollUps(this.#db, this.names, after);
      }),
    );
  }

  findByIds(scope: LogScope, ids: readonly string[]): (RequestLog | null)[] {
    this.names.refresh();
    const organization = this.names.numberOf(scope.organizationId);
    return ids.map((id) => {
      if (!isLogId(id) || !isVisible(scope, timeOfLogId(id))) return null;
      return this.#one(scope, sql`organization_id = ${organization} AND id = ${idBytes(id)}`);
    });
  }

  findByRequestId(scope: LogScope, requestId: string): RequestLog | null {
    this.names.refresh();
    const organization = this.names.numberOf(scope.organizationId);
    const log = this.#one(scope, sql`organization_id = ${organization} AND request_id = ${requestId}`);
    return log !== null && isVisible(scope, log.createdAt) ? log : null;
  }

  payloads(scope: LogScope, ids: readonly string[]): (RequestLogPayload | null)[] {
    this.names.refresh();
    const visible = ids.filter((id) => isLogId(id) && isVisible(scope, timeOfLogId(id)));
    const rows = this.#db.all<PayloadRow>(sql`
      SELECT lower(hex(id)) AS idHex, ${PAYLOAD_COLUMNS}
      FROM request_log_payloads
      WHERE organization_id = ${this.names.numberOf(scope.organizationId)}
        AND id IN (SELECT unhex(value, '-') FROM json_each(${JSON.stringify(visible)}))`);
    const byId = new Map(rows.map((row) => [idFromHex(row.idHex), intact(() => payloadFromText(row))]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  deleteBefore(organizationId: string, createdAt: number, limit: number): number {
    this.names.refresh();
    const { deleted, payloads, logs } = deleteOldestSql(organizationId, createdAt, limit, this.names);
    const organization = this.names.numberOf(organizationId);
    return this.#db.transaction(() => {
      const oldest = this.#db.rows<DeletedLog>(deleted);
      addDeletedLogs(this.#db, organizationId, organization, oldest);
      dropRollUps(
        this.#db,
        organization,
        oldest.map(([hex]) => timeFromHex(hex)),
      );
      const ids = oldest.map(([hex]) => Buffer.from(hex, 'hex'));
      forgetLogs(this.#db, organization, ids, Date.now(), this.#textLimits);
      this.#db.run(payloads);
      return this.#db.run(logs);
    });
  }

  deleteOrganization(id: string): DeletedOrganization {
    this.owners.forget();
    return deleteOrganization(this.#db, id);
  }

  eraseStep(erasure: Erasure, after: ErasureStep['next']): ErasureStep {
    const find = (query: LogQuery) => this.consistently(() => this.logsOf(query, this.findRows(query)));
    return eraseStep({ db: this.#db, names: this.names, textLimits: this.#textLimits, find }, erasure, after);
  }

  cleanUp({ rewrite }: { readonly rewrite: boolean }): void {
    this.#db.transaction(() => this.names.deleteUnused());
    if (rewrite) this.#db.rewrite();
    this.#db.wal.empty();
  }

  /** Repeats a read during which names were deleted: it may have read logs before their deletion, and their names after it. */
  consistently<T>(read: () => T): T {
    const { mark } = this.names;
    try {
      return read();
    } catch (error) {
      if (!this.hasDeletedNamesSince(mark)) throw error;
      return this.consistently(read);
    }
  }

  /** @param mark the deletion mark before; see `Names`. */
  hasDeletedNamesSince(mark: number): boolean {
    this.names.refresh();
    return this.names.mark !== mark;
  }

  ping(): void {
    this.#db.requireFile();
    this.#db.get(raw('SELECT count(*) FROM settings'));
  }

  #statistics<T>(scope: LogScope, read: (source: StatsSource) => T): T {
    const { names } = this;
    const valuesOf = (plan: FilterPlan) => this.#streamsOf(plan, scope);
    return this.consistently(() =>
      this.#db.snapshot(() => {
        names.refresh();
        return read({ db: this.#db, names, valuesOf });
      }),
    );
  }

  #streamsOf(plan: FilterPlan, scope: LogScope): readonly StreamValues[] {
    return streamsOf({ db: this.#db, names: this.names }, plan, scope);
  }

  #one(scope: LogScope, where: Sql): RequestLog | null {
    return this.consistently(() => {
      const [row] = this.#db.rows<LogRow>(sql`SELECT ${fullReader.columns} FROM request_logs WHERE ${where}`);
      return row === undefined ? null : fullReader.toLog(row, scope.organizationId, this.names);
    });
  }
}
