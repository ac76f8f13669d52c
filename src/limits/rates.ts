import type { PlanRates } from '../config/rate-variables.ts';
import { perMinute, type RateRule, tokenBucket } from './rate-rule.ts';

interface ApiRate {
  /** The unit that is counted. */
  readonly counts: string;
  rule(rates: PlanRates): RateRule;
}

/** The APIs that have a rate limit, with the unit and the rule of each. */
export const API_RATES = {
  graphql: {
    counts: 'cost of queries',
    rule: ({ graphqlPerSecond, graphqlBurst }) => tokenBucket(graphqlPerSecond, graphqlBurst),
  },
  scrip: {
    counts: 'requests',
    rule: ({ scripPerSecond, scripBurst }) => tokenBucket(scripPerSecond, scripBurst),
  },
  signa: { counts: 'requests', rule: ({ signaPerMinute }) => perMinute(signaPerMinute) },
  ingest: {
    counts: 'requests',
    rule: ({ ingestPerSecond, ingestBurst }) => tokenBucket(ingestPerSecond, ingestBurst),
  },
} as const satisfies Record<string, ApiRate>;

export type RatedApi = keyof typeof API_RATES;
