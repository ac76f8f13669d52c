import { GRAPHQL_MIN_COST, type PlanRates } from '../config/rate-variables.ts';
import { perMinute, type RateRule, tokenBucket } from './rate-rule.ts';

interface ApiRate {
  /** The unit that is counted. */
  readonly counts: string;
  /** The least that a request costs, whatever it contains, also if it is refused. */
  readonly minCost: number;
  rule(rates: PlanRates): RateRule;
}

/** The APIs that have a rate limit, with the unit and the rule of each. */
export const API_RATES = {
  graphql: {
    counts: 'cost of queries',
    minCost: GRAPHQL_MIN_COST,
    rule: ({ graphqlPerSecond, graphqlBurst }) => tokenBucket(graphqlPerSecond, graphqlBurst),
  },
  scrip: {
    counts: 'requests',
    minCost: 1,
    rule: ({ scripPerSecond, scripBurst }) => tokenBucket(scripPerSecond, scripBurst),
  },
  signa: { counts: 'requests', minCost: 1, rule: ({ signaPerMinute }) => perMinute(signaPerMinute) },
  ingest: {
    counts: 'requests',
    minCost: 1,
    rule: ({ ingestPerSecond, ingestBurst }) => tokenBucket(ingestPerSecond, ingestBurst),
  },
} as const satisfies Record<string, ApiRate>;

export type RatedApi = keyof typeof API_RATES;
