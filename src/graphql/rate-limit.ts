import type { RateState } from '../limits/rate-rule.ts';
import { RATED_FACES, type RatedFaceName } from '../limits/rates.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { once } from './query-cost.ts';

const FACE_NAMES = Object.keys(RATED_FACES) as RatedFaceName[];

/** One face's limit for the organization, and where it stands. */
interface FaceLimit extends RateState {
  readonly face: RatedFaceName;
}

const RatedFaceEnum = builder.enumType('RateLimitFace', {
  description: 'Where calls are counted.',
  values: Object.fromEntries(
    FACE_NAMES.map((face) => [
      face.toUpperCase(),
      { value: face, description: `Counted by ${RATED_FACES[face].counts}.` },
    ]),
  ) as Record<string, { value: RatedFaceName; description: string }>,
});

export const RateLimitRef = builder.objectRef<FaceLimit>('RateLimit').implement({
  description:
    "How much the caller's organization may ask of a face, all its keys together, and what is left.",
  fields: (t) => ({
    face: t.expose('face', { type: RatedFaceEnum, description: 'The face.' }),
    counts: t.string({
      description: 'What is counted.',
      resolve: ({ face }) => RATED_FACES[face].counts,
    }),
    limit: t.exposeInt('limit', { description: 'Most at once.' }),
    windowSeconds: t.exposeInt('windowSeconds', {
      description: 'Seconds in which the whole limit comes back: evenly, of Signa with each minute.',
    }),
    remaining: t.exposeInt('remaining', { description: 'What is left; of GraphQL, after this query.' }),
    resetAt: t.field({
      type: 'DateTime',
      description: 'When the whole limit is there again.',
      resolve: ({ resetAt }) => Math.ceil(resetAt),
    }),
  }),
});

/** What looking at the limits of every face costs: it may ask the store for each. */
export const RATE_LIMITS_COST = once(FACE_NAMES.length);

/** Where the caller's organization stands, at each face. */
export function limitsOfFaces({ charge }: Context): Promise<FaceLimit[]> {
  return Promise.all(FACE_NAMES.map(async (face) => ({ face, ...(await charge.left(face)) })));
}
