import { type PlanRates, RATE_VARIABLES } from '../config/rate-variables.ts';
import { API_RATES } from '../limits/rates.ts';
import { builder } from './builder.ts';
import { COSTS, COUNT_LIMIT, FILTER_LIMITS, type Limits, PAGE_LIMITS, STATISTICS_UNITS } from './limits.ts';
import { failsAlone } from './nullability.ts';
import { RATE_LIMITS_COST, RateLimitRef, rateLimitsOfApis } from './rate-limit.ts';

/** Configured limits: global ones and those of the caller's plan. */
type ViewerLimits = Limits & PlanRates;

interface ViewerLimit {
  readonly description: string;
  value(limits: ViewerLimits): number;
}

const LIMITS: Readonly<Record<string, ViewerLimit>> = {
  maxPageSize: {
    value: () => PAGE_LIMITS.max,
    description: 'Maximum number of rows on a page and of ids in one `nodes` field.',
  },
  defaultPageSize: {
    value: () => PAGE_LIMITS.default,
    description: 'Number of rows on a page if neither `first` nor `last` is given.',
  },
  maxTotalCount: {
    value: () => COUNT_LIMIT,
    description: 'Number at which `totalCount` stops counting unless `exact` is true.',
  },
  maxFilterConditions: {
    value: () => FILTER_LIMITS.conditions,
    description: 'Maximum number of conditions in a filter.',
  },
  maxFilterDepth: { value: () => FILTER_LIMITS.depth, description: 'Maximum nesting depth of a filter.' },
  maxFilterListLength: {
    value: () => FILTER_LIMITS.listLength,
    description: 'Maximum number of values in a list of a filter.',
  },
  maxFilterTextLength: {
    value: () => FILTER_LIMITS.textLength,
    description: `Maximum number of characters in a text of a filter; for \`eq\` and \`ne\`: ${FILTER_LIMITS.equalTextLength}.`,
  },
  maxQueryCost: {
    value: ({ maxCost }) => maxCost,
    description:
      'Maximum cost of a query. A field of a row costs 1 for each row that the page can have, and headers or a body ' +
      `${COSTS.payload}. A count or the usage costs ${COSTS.count}, and an exact count ${COSTS.exactCount}. ` +
      `Statistics cost ${COSTS.statistics} for each filter, ${COSTS.statisticsPart} for each question, 1 for each field of a group, and 1 for each ` +
      `${STATISTICS_UNITS.bucketFields} fields of buckets, ${STATISTICS_UNITS.cells} cells of roll-ups or ` +
      `${STATISTICS_UNITS.logs} logs that are read to answer it. ` +
      `A query costs at least ${API_RATES.graphql.minCost}, and at least 1 for each token and for each value in its variables after the first 100.`,
  },
  maxQueryDepth: {
    value: ({ maxDepth }) => maxDepth,
    description: 'Maximum nesting depth of fields in a query.',
  },
  maxQueryAliases: {
    value: ({ maxAliases }) => maxAliases,
    description: 'Maximum number of aliases in a query.',
  },
  maxQueryDirectives: {
    value: ({ maxDirectives }) => maxDirectives,
    description: 'Maximum number of directives in a query.',
  },
  maxQueryTokens: {
    value: ({ maxTokens }) => maxTokens,
    description: 'Maximum number of lexical tokens in a query.',
  },
  maxQueryBytes: {
    value: ({ maxQueryBytes }) => maxQueryBytes,
    description: 'Maximum size of a GraphQL request body in bytes.',
  },
  maxBatchSize: { value: () => 1, description: 'Maximum number of operations in a request.' },
  maxIngestBytes: {
    value: ({ maxIngestBytes }) => maxIngestBytes,
    description: 'Maximum size of an ingest request body in bytes, after decompression.',
  },
  maxIngestLogs: {
    value: ({ maxIngestLogs }) => maxIngestLogs,
    description: 'Maximum number of logs in an ingest request.',
  },
  maxBodyBytes: {
    value: ({ maxBodyBytes }) => maxBodyBytes,
    description: 'Size in bytes to which a recorded body is truncated.',
  },
  ...Object.fromEntries(
    Object.values(RATE_VARIABLES).map(({ rate, description }) => [
      rate,
      { value: (limits: ViewerLimits) => limits[rate], description },
    ]),
  ),
};

export const ViewerLimitsRef = builder.objectRef<ViewerLimits>('ViewerLimits').implement({
  description: 'Limits that apply to the requests of the caller.',
  fields: (t) => ({
    ...Object.fromEntries(
      Object.entries(LIMITS).map(([name, { value, description }]) => [
        name,
        t.int({ description, resolve: (limits) => value(limits) }),
      ]),
    ),
    queryCost: t.int({
      description: 'Cost of this query.',
      resolve: async (_limits, _args, { charge, cost }) => {
        await cost.settled();
        return charge.cost;
      },
    }),
    rates: t.field({
      type: [RateLimitRef],
      nullable: true,
      description: 'Rate limit of each API and its current state.',
      extensions: { ...RATE_LIMITS_COST, ...failsAlone },
      resolve: (_limits, _args, context) => rateLimitsOfApis(context),
    }),
  }),
});
