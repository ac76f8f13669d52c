/**
 * @generated SignedSource<<bc9bd91e60a99d75f4c23d16c18dddec>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type RequestLogOutcome = "CLIENT_ERROR" | "SERVER_ERROR" | "SUCCESS";
export type RequestLogSortField = "CREATED_AT" | "DURATION_MS" | "STATUS_CODE";
export type SortDirection = "ASC" | "DESC";
export type RequestLogFilter = {
  and?: ReadonlyArray<RequestLogFilter> | null | undefined;
  apiKeyId?: StringFilter | null | undefined;
  apiKeyPrefix?: StringFilter | null | undefined;
  authType?: StringFilter | null | undefined;
  billedUnits?: IntFilter | null | undefined;
  consumerId?: StringFilter | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  durationMs?: IntFilter | null | undefined;
  endpointType?: StringFilter | null | undefined;
  errorDetail?: StringFilter | null | undefined;
  errorType?: StringFilter | null | undefined;
  host?: StringFilter | null | undefined;
  ipAddress?: StringFilter | null | undefined;
  method?: StringFilter | null | undefined;
  not?: RequestLogFilter | null | undefined;
  or?: ReadonlyArray<RequestLogFilter> | null | undefined;
  outcome?: RequestLogOutcome | null | undefined;
  path?: StringFilter | null | undefined;
  receivedAt?: DateTimeFilter | null | undefined;
  requestBytes?: SafeIntFilter | null | undefined;
  requestId?: StringFilter | null | undefined;
  responseBytes?: SafeIntFilter | null | undefined;
  routePattern?: StringFilter | null | undefined;
  search?: string | null | undefined;
  service?: StringFilter | null | undefined;
  statusClass?: StatusClassFilter | null | undefined;
  statusCode?: IntFilter | null | undefined;
  traceId?: StringFilter | null | undefined;
  userAgent?: StringFilter | null | undefined;
};
export type StringFilter = {
  contains?: string | null | undefined;
  eq?: string | null | undefined;
  in?: ReadonlyArray<string | null | undefined> | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string | null | undefined> | null | undefined;
  startsWith?: string | null | undefined;
};
export type IntFilter = {
  eq?: number | null | undefined;
  gt?: number | null | undefined;
  gte?: number | null | undefined;
  in?: ReadonlyArray<number | null | undefined> | null | undefined;
  lt?: number | null | undefined;
  lte?: number | null | undefined;
  ne?: number | null | undefined;
  notIn?: ReadonlyArray<number | null | undefined> | null | undefined;
};
export type DateTimeFilter = {
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  in?: ReadonlyArray<string | null | undefined> | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string | null | undefined> | null | undefined;
};
export type SafeIntFilter = {
  eq?: number | null | undefined;
  gt?: number | null | undefined;
  gte?: number | null | undefined;
  in?: ReadonlyArray<number | null | undefined> | null | undefined;
  lt?: number | null | undefined;
  lte?: number | null | undefined;
  ne?: number | null | undefined;
  notIn?: ReadonlyArray<number | null | undefined> | null | undefined;
};
export type StatusClassFilter = {
  eq?: string | null | undefined;
  in?: ReadonlyArray<string | null | undefined> | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string | null | undefined> | null | undefined;
};
export type RequestLogSort = {
  direction: SortDirection;
  field: RequestLogSortField;
};
export type LogTablePageQuery$variables = {
  after?: string | null | undefined;
  before?: string | null | undefined;
  filter?: RequestLogFilter | null | undefined;
  first?: number | null | undefined;
  last?: number | null | undefined;
  sort: RequestLogSort;
};
export type LogTablePageQuery$data = {
  readonly " $fragmentSpreads": FragmentRefs<"LogTable_query">;
};
export type LogTablePageQuery = {
  response: LogTablePageQuery$data;
  variables: LogTablePageQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "after"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "before"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "filter"
  },
  {
    "defaultValue": 100,
    "kind": "LocalArgument",
    "name": "first"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "last"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "sort"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "before",
    "variableName": "before"
  },
  {
    "kind": "Variable",
    "name": "filter",
    "variableName": "filter"
  },
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "first"
  },
  {
    "kind": "Variable",
    "name": "last",
    "variableName": "last"
  },
  {
    "kind": "Variable",
    "name": "sort",
    "variableName": "sort"
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "LogTablePageQuery",
    "selections": [
      {
        "args": (v1/*:: as any*/),
        "kind": "FragmentSpread",
        "name": "LogTable_query"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "LogTablePageQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "RequestLogConnection",
        "kind": "LinkedField",
        "name": "requestLogs",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "RequestLogEdge",
            "kind": "LinkedField",
            "name": "edges",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "RequestLog",
                "kind": "LinkedField",
                "name": "node",
                "plural": false,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "id",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "createdAt",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "method",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "path",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "statusCode",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "__typename",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "cursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "PageInfo",
            "kind": "LinkedField",
            "name": "pageInfo",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "endCursor",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "hasNextPage",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "hasPreviousPage",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "startCursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "filters": [
          "filter",
          "sort"
        ],
        "handle": "connection",
        "key": "LogTable_requestLogs",
        "kind": "LinkedHandle",
        "name": "requestLogs"
      }
    ]
  },
  "params": {
    "cacheID": "c8216cb2b83d785fc1cd7da7a5c7fff5",
    "id": null,
    "metadata": {},
    "name": "LogTablePageQuery",
    "operationKind": "query",
    "text": "query LogTablePageQuery(\n  $after: String\n  $before: String\n  $filter: RequestLogFilter\n  $first: Int = 100\n  $last: Int\n  $sort: RequestLogSort!\n) {\n  ...LogTable_query_30UBC1\n}\n\nfragment LogTable_query_30UBC1 on Query {\n  requestLogs(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {\n    edges {\n      node {\n        id\n        createdAt\n        method\n        path\n        statusCode\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n      hasPreviousPage\n      startCursor\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "189c441ce37fd204ea9f60abea9f5405";

export default node;
