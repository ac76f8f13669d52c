import { billingUsage } from '../access/billing-usage.ts';
import type { Viewer } from '../access/viewer.ts';
import { visibleFrom } from '../retention/window.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';
import { COSTS } from './limits.ts';
import { failsAlone } from './nullability.ts';
import { once } from './query-cost.ts';
import { viewerId } from './viewer-id.ts';
import { ViewerLimitsRef } from './viewer-limits.ts';
import { ViewerUsageRef } from './viewer-usage.ts';

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller: an organization, authenticated by one of its credentials.',
  interfaces: [builder.nodeInterfaceRef()],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque global id of the caller, the same for each request with the same credential.',
      resolve: (viewer) => encodeGlobalId('Viewer', viewerId(viewer)),
    }),
    organizationId: t.exposeString('organizationId', {
      description: 'Id of the organization whose logs the caller can see.',
    }),
    plan: t.string({
      description: 'Name of the plan of the organization.',
      resolve: ({ plan }) => plan.name,
    }),
    retentionDays: t.int({
      nullable: true,
      description: 'Logs older than this number of days are not visible. Null if all logs are visible.',
      resolve: ({ plan }) => plan.retentionDays,
    }),
    visibleFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Logs from before this time are not visible. Null if all logs are visible.',
      resolve: ({ plan }, _args, { now }) => visibleFrom(plan, now),
    }),
    scopes: t.stringList({
      description: 'Scopes of the credential.',
      resolve: ({ scopes }) => [...scopes].sort(),
    }),
    traceUrlTemplate: t.string({
      nullable: true,
      description:
        'Address of a trace, in which `{traceId}` stands for its id. Null if the operator has not set one.',
      resolve: (_viewer, _args, { settings }) => settings.traceUrlTemplate,
    }),
    usage: t.field({
      type: ViewerUsageRef,
      nullable: true,
      description: 'Usage of the organization in the current billing period, beside the quotas of its plan.',
      authScopes: { scope: 'billing:read' },
      extensions: { ...once(COSTS.usage), ...failsAlone },
      resolve: ({ plan }, _args, { logs, now }) => billingUsage(logs, plan, now),
    }),
    limits: t.field({
      type: ViewerLimitsRef,
      description: 'Limits that apply to the requests of the caller.',
      resolve: ({ plan }, _args, { settings }) => ({ ...settings.limits, ...plan.rates }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'The caller and its plan, scopes and limits.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
