import { z } from 'zod';
import { integer, type Variable } from './variable.ts';

interface RateVariable extends Variable {
  /** The name of this limit in the `limits` of a plan. */
  readonly rate: string;
  readonly max: number;
}

const MAX_RATE = 1_000_000_000;

/** The least that a GraphQL request costs, whatever it contains: reading a request and answering it takes time even if it asks for nothing. */
export const GRAPHQL_MIN_COST = 40;

function variable<R extends string>(rate: R, value: number, description: string) {
  return { rate, max: MAX_RATE, schema: integer(1, MAX_RATE), default: String(value), description } as const;
}

/** Rate limits of an organization for each API, unless its plan sets its own. */
export const RATE_VARIABLES = {
  RELAYLOG_SCRIP_REQUESTS_PER_SECOND: variable(
    'scripPerSecond',
    10,
    'Scrip shim: sustained requests per second and organization.',
  ),
  RELAYLOG_SCRIP_BURST_REQUESTS: variable(
    'scripBurst',
    30,
    'Scrip shim: burst of requests per organization.',
  ),
  RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: variable(
    'signaPerMinute',
    1_000,
    'Signa shim: requests per minute and organization.',
  ),
  RELAYLOG_GRAPHQL_COST_PER_SECOND: variable(
    'graphqlPerSecond',
    20_000,
    'GraphQL: sustained cost of operations per second and organization; 20,000 is about ten pages of 100 rows with eleven fields.',
  ),
  RELAYLOG_GRAPHQL_BURST_COST: variable(
    'graphqlBurst',
    60_000,
    'GraphQL: burst cost of operations per organization; at least the maximum cost of one operation.',
  ),
  RELAYLOG_INGEST_REQUESTS_PER_SECOND: variable(
    'ingestPerSecond',
    100,
    'Ingest: sustained requests per second and organization.',
  ),
  RELAYLOG_INGEST_BURST_REQUESTS: variable('ingestBurst', 300, 'Ingest: burst of requests per organization.'),
} as const satisfies Record<string, RateVariable>;

type RateVariables = typeof RATE_VARIABLES;
export type RateName = RateVariables[keyof RateVariables]['rate'];

/** The rate limits of a plan, for each API. */
export type PlanRates = Readonly<Record<RateName, number>>;

const ENTRIES = Object.entries(RATE_VARIABLES) as [keyof RateVariables, RateVariables[keyof RateVariables]][];

/** The rate limits that a plan may set. */
export const planRatesSchema = z.strictObject(
  Object.fromEntries(
    ENTRIES.map(([, { rate, max }]) => [rate, z.int().min(1).max(max).exactOptional()]),
  ) as Record<RateName, z.ZodExactOptional<z.ZodInt>>,
);

/** The rate limits of plans that do not set their own. */
export function defaultRates(settings: Readonly<Record<keyof RateVariables, number>>): PlanRates {
  return Object.fromEntries(ENTRIES.map(([name, { rate }]) => [rate, settings[name]])) as PlanRates;
}

/** The rate limits of an installation without configuration. */
export const DEFAULT_RATES = Object.fromEntries(
  ENTRIES.map(([, { rate, default: value }]) => [rate, Number(value)]),
) as PlanRates;
