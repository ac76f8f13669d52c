import { visibleFrom } from '../access/plans.ts';
import type { Viewer } from '../access/viewer.ts';
import { builder } from './builder.ts';
import { COUNT_LIMIT, FILTER_LIMITS, PAGE_LIMITS } from './limits.ts';

const LIMITS = {
  maxPageSize: { value: PAGE_LIMITS.max, description: 'Most rows of a page, and ids of one `nodes`.' },
  defaultPageSize: { value: PAGE_LIMITS.default, description: 'Rows of a page that names no size.' },
  maxTotalCount: { value: COUNT_LIMIT, description: 'Where `totalCount` stops counting, unless exact.' },
  maxFilterConditions: { value: FILTER_LIMITS.conditions, description: 'Most conditions in one filter.' },
  maxFilterDepth: { value: FILTER_LIMITS.depth, description: 'Most levels of a filter.' },
  maxFilterListLength: {
    value: FILTER_LIMITS.listLength,
    description: 'Most values in one list of a filter.',
  },
  maxFilterTextLength: {
    value: FILTER_LIMITS.textLength,
    description: 'Most characters in one text of a filter.',
  },
} as const;

const LimitsRef = builder.objectRef<typeof LIMITS>('ViewerLimits').implement({
  description: 'Bounds that hold for every query of the caller.',
  fields: (t) =>
    Object.fromEntries(
      Object.entries(LIMITS).map(([name, { value, description }]) => [
        name,
        t.int({ description, resolve: () => value }),
      ]),
    ),
});

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks: an organization, by one of its API keys.',
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
      resolve: ({ plan }, _args, { now }) => {
        const from = visibleFrom(plan, now);
        return from === null ? null : new Date(from);
      },
    }),
    scopes: t.stringList({
      description: 'What the key may do.',
      resolve: ({ scopes }) => [...scopes].sort(),
    }),
    limits: t.field({
      type: LimitsRef,
      description: 'Bounds that hold for every query of the caller.',
      resolve: () => LIMITS,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who asks, and what holds for them.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
