import { builder } from '../builder.ts';
import { COSTS } from '../limits.ts';
import { failsAlone } from '../nullability.ts';
import { perRow } from '../query-cost.ts';
import { RequestLogRef } from '../request-log.ts';
import { selectedLogFields } from '../selected-fields.ts';
import { BUCKETS_DESCRIPTION, bucketArguments } from './bucket-arguments.ts';
import type { Group } from './group-list.ts';
import { BucketRef } from './request-log-bucket.ts';
import { GroupKeyRef } from './request-log-group-key.ts';
import { MeasuresRef } from './request-log-measures.ts';
import { selectedFieldCount } from './statistics-cost.ts';

export const GroupRef = builder.objectRef<Group>('RequestLogGroup').implement({
  description: 'The logs that share a value of each dimension.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Opaque id for caches: the same for the same filter and key. Not accepted by `node`.',
    }),
    key: t.field({
      type: [GroupKeyRef],
      description: 'The value of each dimension, in the order of `by`.',
      resolve: ({ key }) => [...key],
    }),
    filter: t.expose('filter', {
      type: 'JSON',
      description:
        'A `RequestLogFilter` value that selects exactly the logs of this group. Pass it as a variable to `requestLogs`.',
    }),
    measures: t.expose('measures', { type: MeasuresRef, description: 'Measures of the logs of this group.' }),
    sampleRequestLog: t.field({
      type: RequestLogRef,
      nullable: true,
      description: 'The newest log of this group. Null if it was deleted meanwhile.',
      extensions: perRow(COSTS.statisticsPart),
      resolve: (group, _args, _context, info) => group.sample(selectedLogFields(info)),
    }),
    buckets: t.field({
      type: [BucketRef],
      nullable: true,
      description: `${BUCKETS_DESCRIPTION} All groups have the same buckets.`,
      args: bucketArguments(),
      extensions: failsAlone,
      resolve: (group, args, _context, info) =>
        group.buckets(info.fieldNodes[0]!, args, selectedFieldCount(info)),
    }),
  }),
});
