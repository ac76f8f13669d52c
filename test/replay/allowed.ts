import { API_RATES } from '../../src/limits/rates.ts';

const MIN_COST = API_RATES.graphql.minCost;

/** A line of a record. */
export interface Recorded {
  readonly request: { readonly method: string; readonly path: string; readonly body?: string };
  readonly answer: { readonly status: number; readonly headers: object; readonly body: string };
}

/** A difference that is meant. */
interface Allowed {
  readonly reason: string;
  matches(before: Recorded, after: Recorded): boolean;
}

const KNOWN_BEFORE = 'billedUnits, traceId, requestHeaders';
const KNOWN_AFTER =
  'billedUnits, traceId, consumerId, service, host, requestBytes, responseBytes, requestHeaders';

interface GraphQLBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly unknown[] }[];
}

/** Null if the answer is not one of GraphQL. */
function graphqlBody({ request, answer }: Recorded): GraphQLBody | null {
  if (!request.path.startsWith('/graphql')) return null;
  try {
    return JSON.parse(answer.body) as GraphQLBody;
  } catch {
    return null;
  }
}

function queryCost(recorded: Recorded): number | undefined {
  const viewer = graphqlBody(recorded)?.data?.viewer as
    | { limits?: { queryCost?: number } }
    | null
    | undefined;
  return viewer?.limits?.queryCost;
}

/** Differences between the answers before and after the refactoring of issue 15, and since. */
export const ALLOWED: readonly Allowed[] = [
  {
    reason: 'the schema has the new fields, their filter and SafeInt',
    matches: ({ request }) => /__(type|schema)/.test(`${request.path}${request.body}`),
  },
  {
    reason: 'a bad id is null in place, with an error that has its path',
    matches: (before, after) => {
      const isBadId = ({ message }: { message: string }) => message.startsWith('The id is malformed');
      return (
        (graphqlBody(before)?.errors?.some(isBadId) ?? false) &&
        (graphqlBody(after)?.errors?.every((error) => isBadId(error) && error.path !== undefined) ?? false)
      );
    },
  },
  {
    reason: 'variables that are not valid have the status of a document that is not valid',
    matches: (before, after) =>
      before.answer.status === 400 &&
      after.answer.status === 200 &&
      before.answer.body === after.answer.body &&
      graphqlBody(after)?.data === undefined &&
      graphqlBody(after)?.errors !== undefined,
  },
  {
    reason: 'a field that fails does not remove the fields beside it',
    matches: (before, after) => {
      const [was, is] = [graphqlBody(before), graphqlBody(after)];
      return (
        was?.data === null &&
        was.errors !== undefined &&
        typeof is?.data === 'object' &&
        JSON.stringify(was.errors) === JSON.stringify(is.errors)
      );
    },
  },
  {
    reason: 'ingest names the new fields among those that it knows',
    matches: ({ answer }, { answer: after }) =>
      answer.body.replaceAll(KNOWN_BEFORE, KNOWN_AFTER) === after.body && answer.status === after.status,
  },
  {
    reason: 'a GraphQL request costs at least the minimum',
    matches: (before, after) => {
      const [was, is] = [queryCost(before), queryCost(after)];
      if (was === undefined || is === undefined || was >= MIN_COST || is !== MIN_COST) return false;
      const least = before.answer.body.replace(`"queryCost":${was}`, `"queryCost":${MIN_COST}`);
      return least === after.answer.body && before.answer.status === after.answer.status;
    },
  },
  {
    reason: 'OpenAPI describes the fields from the table, and the new ones',
    matches: ({ request }, { answer }) => request.path === '/openapi.json' && answer.status === 200,
  },
];
