/**
 * @generated SignedSource<<813046f559590cd038f0179b8950183c>>
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
export type LogTableQuery$variables = {
  filter?: RequestLogFilter | null | undefined;
  sort: RequestLogSort;
  withMore: boolean;
  withSensitive: boolean;
};
export type LogTableQuery$data = {
  readonly " $fragmentSpreads": FragmentRefs<"useLogPages_query">;
};
export type LogTableQuery = {
  response: LogTableQuery$data;
  variables: LogTableQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "filter"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "sort"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "withMore"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "withSensitive"
  }
],
v1 = {
  "kind": "Variable",
  "name": "filter",
  "variableName": "filter"
},
v2 = {
  "kind": "Literal",
  "name": "first",
  "value": 100
},
v3 = {
  "kind": "Variable",
  "name": "sort",
  "variableName": "sort"
},
v4 = [
  (v1/*:: as any*/),
  (v2/*:: as any*/),
  (v3/*:: as any*/)
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "LogTableQuery",
    "selections": [
      {
        "args": [
          (v1/*:: as any*/),
          (v2/*:: as any*/),
          (v3/*:: as any*/),
          {
            "kind": "Variable",
            "name": "withMore",
            "variableName": "withMore"
          },
          {
            "kind": "Variable",
            "name": "withSensitive",
            "variableName": "withSensitive"
          }
        ],
        "kind": "FragmentSpread",
        "name": "useLogPages_query"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "LogTableQuery",
    "selections": [
      {
        "alias": null,
        "args": (v4/*:: as any*/),
        "concreteType": "RequestLogConnection",
        "kind": "LinkedField",
        "name": "requestLogs",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "searchedTo",
            "storageKey": null
          },
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
                    "name": "requestId",
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
                    "name": "statusCode",
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
                    "name": "durationMs",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "consumerId",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "errorType",
                    "storageKey": null
                  },
                  {
                    "condition": "withMore",
                    "kind": "Condition",
                    "passingValue": true,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "routePattern",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "service",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "apiKeyId",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "errorDetail",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "host",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "traceId",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "requestBytes",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "responseBytes",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "billedUnits",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "authType",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "endpointType",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "receivedAt",
                        "storageKey": null
                      }
                    ]
                  },
                  {
                    "condition": "withSensitive",
                    "kind": "Condition",
                    "passingValue": true,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "ipAddress",
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "userAgent",
                        "storageKey": null
                      }
                    ]
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
        "args": (v4/*:: as any*/),
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
    "cacheID": "3b5189d47713b7b9dbfd8a7d259da71b",
    "id": null,
    "metadata": {},
    "name": "LogTableQuery",
    "operationKind": "query",
    "text": "query LogTableQuery(\n  $filter: RequestLogFilter\n  $sort: RequestLogSort!\n  $withMore: Boolean!\n  $withSensitive: Boolean!\n) {\n  ...useLogPages_query_2iz8Hn\n}\n\nfragment useLogPages_query_2iz8Hn on Query {\n  requestLogs(filter: $filter, sort: $sort, first: 100) {\n    searchedTo\n    edges {\n      node {\n        id\n        requestId\n        createdAt\n        statusCode\n        method\n        path\n        durationMs\n        consumerId\n        errorType\n        routePattern @include(if: $withMore)\n        service @include(if: $withMore)\n        apiKeyId @include(if: $withMore)\n        errorDetail @include(if: $withMore)\n        host @include(if: $withMore)\n        traceId @include(if: $withMore)\n        requestBytes @include(if: $withMore)\n        responseBytes @include(if: $withMore)\n        billedUnits @include(if: $withMore)\n        authType @include(if: $withMore)\n        endpointType @include(if: $withMore)\n        receivedAt @include(if: $withMore)\n        ipAddress @include(if: $withSensitive)\n        userAgent @include(if: $withSensitive)\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n      hasPreviousPage\n      startCursor\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "3ffaac7a7d486ab39eeb4fbcc6c3c101";

export default node;
