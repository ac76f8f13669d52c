import type { ViewerLogs } from '../../access/viewer-logs.ts';
import type { Filter } from '../../log/filter.ts';
import { allMeasures, bucketMeasures } from '../../stats/answer.ts';
import { statsId } from '../../stats/ids.ts';
import type { MeasuresRow } from '../../stats/measures-table.ts';
import type { GivenGroups, RankedGroups } from '../../stats/question.ts';
import type { Context } from '../context.ts';
import { countedFilter, type RequestLogFilterInput } from '../request-log-filter.ts';
import { type Bucket, bucketsFrom } from './bucket.ts';
import { type BucketArguments, bucketRange } from './bucket-range.ts';
import { requireGroupFilter } from './group-filter-input.ts';
import { type GroupedStatistics, GroupList } from './group-list.ts';
import { type AnsweredPart, StatsBatch } from './stats-batch.ts';

/**
 * The statistics of the logs that match a filter. Each part is requested when it is first read, and the parts that are read
 * together are answered together.
 */
export class LogStatistics implements GroupedStatistics {
  readonly id: string;
  readonly input: RequestLogFilterInput | null | undefined;
  readonly filter: Filter;
  readonly logs: ViewerLogs;
  readonly #conditions: number;
  readonly #now: number;
  readonly #batch: StatsBatch;
  #firstLog: Promise<number | null> | undefined;

  /**
   * @param input the argument `filter`.
   * @throws RelaylogError BAD_USER_INPUT as `filterOf`; FORBIDDEN if the filter uses a field that the viewer may not see.
   */
  constructor(
    input: RequestLogFilterInput | null | undefined,
    { viewer, logs, now, cost }: Pick<Context, 'viewer' | 'logs' | 'now' | 'cost'>,
  ) {
    const { filter, conditions } = countedFilter(input);
    logs.requireReadable(filter);
    this.id = statsId(viewer.organizationId, filter);
    this.input = input;
    this.filter = filter;
    this.logs = logs;
    this.#conditions = conditions;
    this.#now = now;
    this.#batch = new StatsBatch(logs, filter, cost);
  }

  async measures(): Promise<MeasuresRow> {
    const { answer } = await this.#batch.ask({ groups: null, buckets: null });
    return allMeasures(answer);
  }

  /** @throws RelaylogError BAD_USER_INPUT if an argument is invalid or exceeds a limit. */
  async groups(groups: RankedGroups): Promise<GroupList> {
    requireGroupFilter(this.#conditions, groups.by.length);
    return new GroupList(this, await this.#batch.ask({ groups, buckets: null }));
  }

  /** @throws RelaylogError BAD_USER_INPUT if an argument is invalid, or if there would be too many buckets. */
  async buckets(args: BucketArguments, bucketFields: number): Promise<readonly Bucket[]> {
    const answered = await this.divided(null, args, bucketFields, () => this.#firstTime());
    if (answered === null) return [];
    return bucketsFrom(this, answered.part, bucketMeasures(answered.answer, answered.part));
  }

  divided(
    groups: GivenGroups | null,
    args: BucketArguments,
    bucketFields: number,
    firstLog: () => Promise<number | null>,
  ): Promise<AnsweredPart | null> {
    const { interval, timeZone } = args;
    const part = bucketRange(args, this.filter, this.logs, firstLog, this.#now).then(
      (range) => range && { groups, buckets: { interval, timeZone, ...range } },
    );
    return this.#batch.ask(part, bucketFields);
  }

  #firstTime(): Promise<number | null> {
    this.#firstLog ??= this.logs
      .find({ filter: this.filter, sort: 'createdAt', direction: 'asc', limit: 1, fields: [] })
      .then(([log]) => log?.createdAt ?? null);
    return this.#firstLog;
  }
}
