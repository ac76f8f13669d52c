import type { GroupKeyPart } from '../../stats/dimensions.ts';
import { builder } from '../builder.ts';
import { DimensionEnum } from './request-log-dimension.ts';

export const GroupKeyRef = builder.objectRef<GroupKeyPart>('RequestLogGroupKey').implement({
  description: 'The value of one dimension that the logs of a group share.',
  fields: (t) => ({
    dimension: t.expose('dimension', { type: DimensionEnum, description: 'The dimension.' }),
    value: t.exposeString('value', {
      nullable: true,
      description: 'The value, such as `404` or `4xx`; null for logs without one.',
    }),
  }),
});
