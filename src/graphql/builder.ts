import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { JSONResolver, SafeIntResolver } from 'graphql-scalars';
import type { Scope } from '../access/scopes.ts';
import { requireScope } from '../access/viewer.ts';
import { badInput } from '../log/errors.ts';
import type { Json } from '../log/request-log.ts';
import type { LogCount } from '../store/store.ts';
import type { Context } from './context.ts';
import { dateTimeScalar } from './date-time-scalar.ts';
import { decodeGlobalId, encodeGlobalId } from './global-id.ts';
import { PAGE_LIMITS } from './limits.ts';
import { once, perRow, rowsCost } from './query-cost.ts';

/** The spine of the schema: every type file adds to it; `schema.ts` turns it into a schema. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { count(exact: boolean): Promise<LogCount> };
  AuthScopes: { scope: Scope };
  Scalars: {
    DateTime: { Input: Date; Output: number };
    JSON: { Input: Json; Output: Json };
    SafeInt: { Input: number; Output: number };
  };
}>({
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  // The endpoint asks for the cost of the whole operation and refuses it; the plugin only keeps each field's.
  complexity: { disabled: true, fieldComplexity: perRow(1) },
  scopeAuth: {
    authScopes: ({ viewer }) => ({
      scope(name) {
        requireScope(viewer, name);
        return true;
      },
    }),
  },
  relay: {
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    decodeGlobalID: decodeGlobalId,
    nodesOnConnection: { description: 'The logs of this page, without their cursors.' },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The logs of this page, each with its cursor.',
    },
    nodeFieldOptions: { nullable: false, description: 'The log.' },
    pageInfoFieldOptions: { complexity: once(1), description: 'Where this page lies.' },
    nodeTypeOptions: { description: 'Anything with a global id, which `node` finds again.' },
    idFieldOptions: { description: 'Global id: opaque, valid for `node` and `nodes`.' },
    cursorFieldOptions: { description: 'Marks this place; valid with the same filter and sort.' },
    pageInfoTypeOptions: { description: 'Where a page lies among all rows.' },
    hasNextPageFieldOptions: {
      description: 'Whether rows follow this page; true in either direction of paging.',
    },
    hasPreviousPageFieldOptions: {
      description: 'Whether rows precede this page; true in either direction of paging.',
    },
    startCursorFieldOptions: { description: 'Cursor of the first row; null on an empty page.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null on an empty page.' },
    firstArgOptions: {
      description: `Rows from the start, or after \`after\`: 1 to ${PAGE_LIMITS.max}; default ${PAGE_LIMITS.default}.`,
    },
    afterArgOptions: { description: 'Only rows after this cursor.' },
    lastArgOptions: {
      description: `Rows from the end, or before \`before\`: 1 to ${PAGE_LIMITS.max}; not with \`first\`.`,
    },
    beforeArgOptions: { description: 'Only rows before this cursor; alone, the rows right before it.' },
    nodeQueryOptions: {
      authScopes: { scope: 'logs:read' },
      description: 'One object by its global id; null where the caller has no such object.',
      args: { id: { description: 'A global id, as `id` gives it.' } },
    },
    nodesQueryOptions: {
      authScopes: { scope: 'logs:read' },
      description:
        'Objects by their global ids, in the same order; null where the caller has no such object.',
      complexity: ({ ids }, pass) => rowsCost(ids.length, pass),
      args: { ids: { description: `At most ${PAGE_LIMITS.max} global ids.` } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > PAGE_LIMITS.max) {
          throw badInput(`ids holds ${ids.length} ids; at most ${PAGE_LIMITS.max} are accepted.`);
        }
        return resolveNodes(ids);
      },
    },
  },
});

builder.addScalarType('DateTime', dateTimeScalar);
builder.addScalarType('JSON', JSONResolver);
builder.addScalarType('SafeInt', SafeIntResolver);
builder.queryType({ description: 'What can be asked of the request logs of your organization.' });
