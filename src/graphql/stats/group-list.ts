import type { FieldNode } from 'graphql';
import type { ViewerLogs } from '../../access/viewer-logs.ts';
import type { LogField } from '../../log/fields.ts';
import { allOf, type Filter } from '../../log/filter.ts';
import type { Json, RequestLog } from '../../log/request-log.ts';
import {
  allMeasures,
  bucketMeasures,
  type GroupAnswer,
  groupAnswers,
  otherMeasures,
} from '../../stats/answer.ts';
import { type GroupKeyPart, groupFilter } from '../../stats/dimensions.ts';
import { groupId } from '../../stats/ids.ts';
import type { MeasuresRow } from '../../stats/measures-table.ts';
import type { GivenGroups } from '../../stats/question.ts';
import type { RequestLogFilterInput } from '../request-log-filter.ts';
import { type Bucket, bucketsFrom } from './bucket.ts';
import type { BucketArguments } from './bucket-range.ts';
import { groupFilterInput } from './group-filter-input.ts';
import type { AnsweredPart } from './stats-batch.ts';

/** The statistics that groups belong to. */
export interface GroupedStatistics {
  readonly id: string;
  /** The argument `filter`, and what it means. */
  readonly input: RequestLogFilterInput | null | undefined;
  readonly filter: Filter;
  readonly logs: Pick<ViewerLogs, 'find'>;
  /**
   * Requests buckets of time, of all logs or of groups.
   *
   * @returns null if the default range is empty.
   */
  divided(
    groups: GivenGroups | null,
    args: BucketArguments,
    bucketFields: number,
    firstLog: () => Promise<number | null>,
  ): Promise<AnsweredPart | null>;
}

/** The listed groups of an answer. */
export class GroupList {
  readonly nodes: readonly Group[];
  readonly groupCount: number;
  /** Measures of all groups that are not listed; null if there is none. */
  readonly other: MeasuresRow | null;
  readonly #statistics: GroupedStatistics;
  readonly #by: GivenGroups['by'];
  readonly #firstCreatedAt: number | null;
  readonly #buckets = new Map<FieldNode, Promise<readonly (readonly Bucket[])[]>>();

  constructor(statistics: GroupedStatistics, { part, answer }: AnsweredPart) {
    this.#statistics = statistics;
    this.#by = part.groups!.by;
    this.#firstCreatedAt = allMeasures(answer).firstCreatedAt;
    this.nodes = groupAnswers(answer, part).map((group, index) => new Group(this, statistics, group, index));
    this.groupCount = answer.groups!.count;
    this.other = this.groupCount > this.nodes.length ? otherMeasures(answer) : null;
  }

  /**
   * Returns the buckets of each group, by one request for all of them.
   *
   * @param node the field that selects the buckets, the same for each group.
   */
  bucketsOfAll(
    node: FieldNode,
    args: BucketArguments,
    bucketFields: number,
  ): Promise<readonly (readonly Bucket[])[]> {
    let buckets = this.#buckets.get(node);
    if (buckets === undefined) {
      buckets = this.#divided(args, bucketFields);
      this.#buckets.set(node, buckets);
    }
    return buckets;
  }

  async #divided(args: BucketArguments, bucketFields: number): Promise<readonly (readonly Bucket[])[]> {
    if (this.nodes.length === 0) return [];
    const groups = { by: this.#by, keys: this.nodes.map(({ key }) => key.map(({ value }) => value)) };
    const answered = await this.#statistics.divided(
      groups,
      args,
      bucketFields,
      async () => this.#firstCreatedAt,
    );
    if (answered === null) return this.nodes.map(() => []);
    const { part, answer } = answered;
    return this.nodes.map((group, i) => bucketsFrom(group, part, bucketMeasures(answer, part, i)));
  }
}

/** One group of a list. */
export class Group {
  readonly key: readonly GroupKeyPart[];
  readonly measures: MeasuresRow;
  readonly #list: GroupList;
  readonly #statistics: GroupedStatistics;
  readonly #index: number;
  #id: string | undefined;

  constructor(list: GroupList, statistics: GroupedStatistics, { key, measures }: GroupAnswer, index: number) {
    this.key = key;
    this.measures = measures;
    this.#list = list;
    this.#statistics = statistics;
    this.#index = index;
  }

  get id(): string {
    this.#id ??= groupId(this.#statistics.id, this.key);
    return this.#id;
  }

  /** A `RequestLogFilter` value. */
  get filter(): Json {
    return groupFilterInput(this.#statistics.input, this.key);
  }

  async buckets(node: FieldNode, args: BucketArguments, bucketFields: number): Promise<readonly Bucket[]> {
    const all = await this.#list.bucketsOfAll(node, args, bucketFields);
    return all[this.#index]!;
  }

  /** The newest log; null if it was deleted meanwhile. */
  async sample(fields: readonly LogField[]): Promise<RequestLog | null> {
    const time = this.measures.lastCreatedAt;
    if (time === null) return null;
    // Its time is known, so the store reads only the logs of one millisecond.
    const filter: Filter = allOf([
      this.#statistics.filter,
      groupFilter(this.key),
      { op: 'gte', field: 'createdAt', value: time },
      { op: 'lte', field: 'createdAt', value: time },
    ]);
    const [log] = await this.#statistics.logs.find({
      filter,
      sort: 'createdAt',
      direction: 'desc',
      limit: 1,
      fields,
    });
    return (log as RequestLog | undefined) ?? null;
  }
}
