import { builder } from '../builder.ts';
import { once, single } from '../query-cost.ts';
import type { GroupList } from './group-list.ts';
import { GroupRef } from './request-log-group.ts';
import { MeasuresRef } from './request-log-measures.ts';

export const GroupsRef = builder.objectRef<GroupList>('RequestLogGroups').implement({
  description: 'Groups of logs.',
  fields: (t) => ({
    nodes: t.field({
      type: [GroupRef],
      description: 'The first groups in the given order.',
      resolve: ({ nodes }) => [...nodes],
    }),
    groupCount: t.exposeInt('groupCount', {
      description: 'Number of all groups, including those that are not in `nodes`.',
      extensions: once(1),
    }),
    other: t.expose('other', {
      type: MeasuresRef,
      nullable: true,
      description: 'Measures of all groups that are not in `nodes`, together. Null if there is none.',
      extensions: single(1),
    }),
  }),
});
