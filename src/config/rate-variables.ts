import { z } from 'zod';
import { integer, type Variable } from './variable.ts';

interface RateVariable extends Variable {
  /** Its name among a plan's `limits`. */
  readonly rate: string;
  readonly max: number;
}

const MAX_RATE = 1_000_000_000;

function variable<R extends string>(rate: R, value: number, about: string) {
  return { rate, max: MAX_RATE, schema: integer(1, MAX_RATE), default: String(value), about } as const;
}

/** How much an organization may ask of each API, where its plan says nothing else. */
export const RATE_VARIABLES = {
  RELAYLOG_SCRIP_REQUESTS_PER_SECOND: variable(
    'scripPerSecond',
    10,
    'Scrip shim: requests a second and organization, sustained.',
  ),
  RELAYLOG_SCRIP_BURST_REQUESTS: variable('scripBurst', 30, 'Scrip shim: requests at once, an organization.'),
  RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: variable(
    'signaPerMinute',
    1_000,
    'Signa shim: requests a minute, an organization.',
  ),
  RELAYLOG_GRAPHQL_COST_PER_SECOND: variable(
    'graphqlPerSecond',
    20_000,
    'GraphQL: cost of queries a second and organization, sustained; some ten pages of 100 rows with eleven fields.',
  ),
  RELAYLOG_GRAPHQL_BURST_COST: variable(
    'graphqlBurst',
    60_000,
    'GraphQL: cost of queries at once, an organization; at least what one query may cost.',
  ),
  RELAYLOG_INGEST_REQUESTS_PER_SECOND: variable(
    'ingestPerSecond',
    100,
    'Ingest: requests a second and organization, sustained.',
  ),
  RELAYLOG_INGEST_BURST_REQUESTS: variable('ingestBurst', 300, 'Ingest: requests at once, an organization.'),
} as const satisfies Record<string, RateVariable>;

type RateVariables = typeof RATE_VARIABLES;
export type RateName = RateVariables[keyof RateVariables]['rate'];

/** How much an organization of a plan may ask of each API. */
export type PlanRates = Readonly<Record<RateName, number>>;

const ENTRIES = Object.entries(RATE_VARIABLES) as [keyof RateVariables, RateVariables[keyof RateVariables]][];

/** What a plan may say of its own rates. */
export const planRatesSchema = z.strictObject(
  Object.fromEntries(
    ENTRIES.map(([, { rate, max }]) => [rate, z.int().min(1).max(max).exactOptional()]),
  ) as Record<RateName, z.ZodExactOptional<z.ZodInt>>,
);

/** The rates of plans that say nothing else. */
export function defaultRates(settings: Readonly<Record<keyof RateVariables, number>>): PlanRates {
  return Object.fromEntries(ENTRIES.map(([name, { rate }]) => [rate, settings[name]])) as PlanRates;
}

/** The rates of a Relaylog that is not configured. */
export const DEFAULT_RATES = Object.fromEntries(
  ENTRIES.map(([, { rate, default: value }]) => [rate, Number(value)]),
) as PlanRates;
