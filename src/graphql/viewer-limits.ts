import { type PlanRates, RATE_VARIABLES } from '../config/rate-variables.ts';
import { builder } from './builder.ts';
import { COSTS, COUNT_LIMIT, FILTER_LIMITS, type Limits, PAGE_LIMITS } from './limits.ts';
import { RATE_LIMITS_COST, RateLimitRef, rateLimitsOfApis } from './rate-limit.ts';

/** What the operator set, for everybody and by plan. */
type ShownLimits = Limits & PlanRates;

interface ShownLimit {
  readonly description: string;
  value(limits: ShownLimits): number;
}

const LIMITS: Readonly<Record<string, ShownLimit>> = {
  maxPageSize: { value: () => PAGE_LIMITS.max, description: 'Most rows of a page, and ids of one `nodes`.' },
  defaultPageSize: { value: () => PAGE_LIMITS.default, description: 'Rows of a page that names no size.' },
  maxTotalCount: {
    value: () => COUNT_LIMIT,
    description: 'Where `totalCount` stops counting, unless exact.',
  },
  maxFilterConditions: {
    value: () => FILTER_LIMITS.conditions,
    description: 'Most conditions in one filter.',
  },
  maxFilterDepth: { value: () => FILTER_LIMITS.depth, description: 'Most levels of a filter.' },
  maxFilterListLength: {
    value: () => FILTER_LIMITS.listLength,
    description: 'Most values in one list of a filter.',
  },
  maxFilterTextLength: {
    value: () => FILTER_LIMITS.textLength,
    description: 'Most characters in one text of a filter.',
  },
  maxQueryCost: {
    value: ({ maxCost }) => maxCost,
    description:
      'Most that a query may cost. A field of a row costs 1 for each row that the page may have, ' +
      `headers or a body ${COSTS.payload}, a count ${COSTS.count}, an exact one ${COSTS.exactCount}.`,
  },
  maxQueryDepth: { value: ({ maxDepth }) => maxDepth, description: 'Most levels of fields in a query.' },
  maxQueryAliases: { value: ({ maxAliases }) => maxAliases, description: 'Most aliases in a query.' },
  maxQueryDirectives: {
    value: ({ maxDirectives }) => maxDirectives,
    description: 'Most directives in a query.',
  },
  maxQueryTokens: {
    value: ({ maxTokens }) => maxTokens,
    description: 'Most words and signs in the text of a query.',
  },
  maxQueryBytes: {
    value: ({ maxQueryBytes }) => maxQueryBytes,
    description: 'Most bytes of one GraphQL request.',
  },
  maxBatchSize: { value: () => 1, description: 'Most operations in one request.' },
  maxIngestBytes: {
    value: ({ maxIngestBytes }) => maxIngestBytes,
    description: 'Most bytes of one ingest request, unpacked.',
  },
  maxIngestLogs: {
    value: ({ maxIngestLogs }) => maxIngestLogs,
    description: 'Most logs in one ingest request.',
  },
  maxBodyBytes: {
    value: ({ maxBodyBytes }) => maxBodyBytes,
    description: 'Bytes after which a recorded body is cut.',
  },
  ...Object.fromEntries(
    Object.values(RATE_VARIABLES).map(({ rate, about }) => [
      rate,
      { value: (limits: ShownLimits) => limits[rate], description: about },
    ]),
  ),
};

export const ViewerLimitsRef = builder.objectRef<ShownLimits>('ViewerLimits').implement({
  description: 'Bounds that hold for every query of the caller.',
  fields: (t) => ({
    ...Object.fromEntries(
      Object.entries(LIMITS).map(([name, { value, description }]) => [
        name,
        t.int({ description, resolve: (limits) => value(limits) }),
      ]),
    ),
    queryCost: t.int({
      description: 'What this query costs.',
      resolve: (_limits, _args, { charge }) => charge.cost,
    }),
    rates: t.field({
      type: [RateLimitRef],
      description: 'What is left of the rate limits, API by API.',
      complexity: RATE_LIMITS_COST,
      resolve: (_limits, _args, context) => rateLimitsOfApis(context),
    }),
  }),
});
