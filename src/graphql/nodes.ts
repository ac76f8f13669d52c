import { brandWithType } from '@pothos/core';
import { type GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { requireScope } from '../access/viewer.ts';
import { badInput, RelaylogError } from '../log/errors.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { fieldError } from './errors.ts';
import { decodeGlobalId, type NodeType } from './global-id.ts';
import { PAGE_LIMITS } from './limits.ts';
import { failsAlone } from './nullability.ts';
import { perId } from './query-cost.ts';
import { RequestLogRef } from './request-log.ts';
import { viewerId } from './viewer-id.ts';

/** Loads an object by its id; null if it does not exist or the caller may not see it. @throws RelaylogError FORBIDDEN */
type Load = (id: string, context: Context) => Promise<object | null>;

const LOAD: Readonly<Record<NodeType, Load>> = {
  RequestLog(id, context) {
    requireScope(context.viewer, 'logs:read');
    return RequestLogRef.getDataloader(context).load(id);
  },
  async Viewer(id, { viewer }) {
    return id === viewerId(viewer) ? { ...viewer } : null;
  },
};

async function load(globalId: string, context: Context): Promise<object | null> {
  const { typename, id } = decodeGlobalId(globalId);
  const found = await LOAD[typename](id, context);
  brandWithType(found, typename as never);
  return found;
}

/**
 * Returns the objects in the order of the ids. An id that is not accepted gives an error in its place; a failure of the store
 * rejects the promise.
 */
function loadEach(
  globalIds: readonly string[],
  context: Context,
  { fieldNodes: nodes, path }: GraphQLResolveInfo,
): Promise<(object | GraphQLError | null)[]> {
  const above = responsePathAsArray(path);
  const refused = (error: unknown, i: number) => {
    if (error instanceof RelaylogError && IN_PLACE.has(error.code))
      return fieldError(error, { nodes, path: [...above, i] });
    throw error;
  };
  return Promise.all(globalIds.map((id, i) => load(id, context).catch((error) => refused(error, i))));
}

/** Codes of errors that concern one id alone. */
const IN_PLACE: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'ID_TYPE_MISMATCH', 'FORBIDDEN']);

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description:
      'Fetches an object by its global id. Null if it does not exist or the caller may not see it.',
    args: { id: t.arg.id({ required: true, description: 'A global id, as returned in `id`.' }) },
    resolve: (_root, { id }, context) => load(String(id), context),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: true, items: true },
    description:
      'Fetches objects by their global ids, in the given order. Null for each that does not exist or that the caller may not see. An id that is not accepted is null as well, with an error.',
    extensions: { ...perId(({ ids }: { ids: readonly unknown[] }) => ids.length), ...failsAlone },
    args: {
      ids: t.arg.idList({ required: true, description: `Up to ${PAGE_LIMITS.max} global ids.` }),
    },
    resolve: async (_root, { ids }, context, info) => {
      if (ids.length > PAGE_LIMITS.max) {
        throw badInput(`ids has ${ids.length} entries; at most ${PAGE_LIMITS.max} are accepted.`);
      }
      const found = await loadEach(ids.map(String), context, info);
      await context.cost.settled();
      return found as (object | null)[];
    },
  }),
);
