import type { Viewer } from '../access/viewer.ts';
import { visibleFrom } from '../retention/window.ts';
import { builder } from './builder.ts';
import { ViewerLimitsRef } from './viewer-limits.ts';

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller: an organization, by one of its API keys.',
  fields: (t) => ({
    organizationId: t.exposeString('organizationId', {
      description: 'The organization whose logs are seen.',
    }),
    plan: t.string({ description: 'Its plan.', resolve: ({ plan }) => plan.name }),
    retentionDays: t.int({
      nullable: true,
      description: 'Logs older than this many days are out of sight; null: none are.',
      resolve: ({ plan }) => plan.retentionDays,
    }),
    visibleFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Logs from before this time are out of sight; null: none are.',
      resolve: ({ plan }, _args, { now }) => visibleFrom(plan, now),
    }),
    scopes: t.stringList({
      description: 'What the key may do.',
      resolve: ({ scopes }) => [...scopes].sort(),
    }),
    limits: t.field({
      type: ViewerLimitsRef,
      description: 'Bounds that hold for every query of the caller.',
      resolve: ({ plan }, _args, { limits }) => ({ ...limits, ...plan.rates }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'The caller, and what it may do.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
