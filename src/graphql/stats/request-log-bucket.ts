import { builder } from '../builder.ts';
import type { Bucket } from './bucket.ts';
import { MeasuresRef } from './request-log-measures.ts';

export const BucketRef = builder.objectRef<Bucket>('RequestLogBucket').implement({
  description: 'The logs of one bucket of time.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'Opaque id for caches: the same for the same logs and the same bucket. Not accepted by `node`.',
    }),
    from: t.expose('from', { type: 'DateTime', description: 'Start of the bucket, inclusive.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End of the bucket, exclusive.' }),
    measures: t.expose('measures', { type: MeasuresRef, description: 'Measures of its logs.' }),
  }),
});
