import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Scope } from '../access/scopes.ts';
import { requireScope } from '../access/viewer.ts';
import type { Json } from '../log/request-log.ts';
import type { LogCount } from '../store/store.ts';
import type { Context } from './context.ts';
import { decodeGlobalId, encodeGlobalId } from './global-id.ts';
import { PAGE_LIMITS } from './limits.ts';
import { once } from './query-cost.ts';
import { dateTimeScalar, jsonScalar, safeIntScalar } from './scalars.ts';
import { timeZoneScalar } from './stats/time-zone-scalar.ts';

/** The Pothos schema builder. Each type file adds its types to it; `schema.ts` builds the schema. */
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
    TimeZone: { Input: string; Output: string };
  };
}>({
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
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
    nodesOnConnection: { description: 'The logs on this page, without cursors.' },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The logs on this page, each with its cursor.',
    },
    nodeFieldOptions: { nullable: false, description: 'The log.' },
    pageInfoFieldOptions: { extensions: once(1), description: 'Position of this page in the list.' },
    nodeTypeOptions: { description: 'An object with a global id, which can be refetched with `node`.' },
    idFieldOptions: { description: 'Opaque global id, accepted by `node` and `nodes`.' },
    cursorFieldOptions: {
      description: 'Opaque position in the list; valid only with the same filter and sort.',
    },
    pageInfoTypeOptions: { description: 'Position of a page in the list of all matching rows.' },
    hasNextPageFieldOptions: {
      description: 'Whether more rows follow this page, whichever direction you page in.',
    },
    hasPreviousPageFieldOptions: {
      description: 'Whether more rows precede this page, whichever direction you page in.',
    },
    startCursorFieldOptions: { description: 'Cursor of the first row; null if the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null if the page is empty.' },
    firstArgOptions: {
      description: `Number of rows to return from the start of the list, or from \`after\`: 1 to ${PAGE_LIMITS.max}. Default: ${PAGE_LIMITS.default}.`,
    },
    afterArgOptions: { description: 'Return only rows after this cursor.' },
    lastArgOptions: {
      description: `Number of rows to return from the end of the list, or from \`before\`: 1 to ${PAGE_LIMITS.max}. Cannot be combined with \`first\`.`,
    },
    beforeArgOptions: {
      description:
        'Return only rows before this cursor. Without `first` or `last`, returns the rows immediately before it.',
    },
    // `nodes.ts` declares both: the plugin's own reject the operation if one id is malformed.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
});

builder.addScalarType('DateTime', dateTimeScalar);
builder.addScalarType('JSON', jsonScalar);
builder.addScalarType('SafeInt', safeIntScalar);
builder.addScalarType('TimeZone', timeZoneScalar);
builder.queryType({ description: 'Queries over the request logs of your organization.' });
