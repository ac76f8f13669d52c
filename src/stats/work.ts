/** An upper bound of what a store reads to answer a question. */
export interface StatsWork {
  /** Measures of sets of logs that were prepared before. */
  readonly cells: number;
  readonly logs: number;
}
