import type { BillingUsage, EndpointTypeUse } from '../access/billing-usage.ts';
import { builder } from './builder.ts';

const EndpointTypeUsageRef = builder.objectRef<EndpointTypeUse>('EndpointTypeUsage').implement({
  description: 'Billed units of one endpoint type in the billing period.',
  fields: (t) => ({
    endpointType: t.exposeString('endpointType', {
      nullable: true,
      description: 'The endpoint type. Null for logs without one.',
    }),
    used: t.expose('used', { type: 'SafeInt', description: 'Sum of the billed units.' }),
    limit: t.expose('limit', {
      type: 'SafeInt',
      nullable: true,
      description: 'Quota of the plan for this endpoint type. Null if it is unlimited.',
    }),
    remaining: t.expose('remaining', {
      type: 'SafeInt',
      nullable: true,
      description: 'What is left of the quota, never below 0. Null if it is unlimited.',
    }),
  }),
});

export const ViewerUsageRef = builder.objectRef<BillingUsage>('ViewerUsage').implement({
  description:
    'Usage of the organization in the current billing period, also of logs that were deleted since.',
  fields: (t) => ({
    periodStart: t.field({
      type: 'DateTime',
      description: 'Start of the billing period: the first day of the current month, in UTC.',
      resolve: ({ period }) => period.from,
    }),
    periodEnd: t.field({
      type: 'DateTime',
      description: 'End of the billing period, exclusive: the start of the next one.',
      resolve: ({ period }) => period.to,
    }),
    quotaUsed: t.field({
      type: 'SafeInt',
      description: 'Sum of the billed units of all logs.',
      resolve: ({ total }) => total.used,
    }),
    quotaLimit: t.field({
      type: 'SafeInt',
      nullable: true,
      description: 'Quota of the plan. Null if it is unlimited.',
      resolve: ({ total }) => total.limit,
    }),
    quotaRemaining: t.field({
      type: 'SafeInt',
      nullable: true,
      description: 'What is left of the quota, never below 0. Null if it is unlimited.',
      resolve: ({ total }) => total.remaining,
    }),
    byEndpointType: t.field({
      type: [EndpointTypeUsageRef],
      description:
        'Usage of each endpoint type that has logs in the period or a quota, in order of the names; logs without one come last.',
      resolve: ({ byEndpointType }) => byEndpointType,
    }),
  }),
});
