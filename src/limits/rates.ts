import type { PlanRates } from '../config/rate-variables.ts';
import { perMinute, type RateRule, tokenBucket } from './rate-rule.ts';

interface ApiRate {
  /** What a call is counted as. */
  readonly counts: string;
  rule(rates: PlanRates): RateRule;
}

/** The APIs with a limit, and how it is counted. */
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
