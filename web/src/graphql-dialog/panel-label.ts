/** By operation name, in the order of the screen. What the account may see is asked by all pages, and comes last. */
const LABELS: Readonly<Record<string, string>> = {
  useSharedFacetsQuery: 'Facets',
  useFacetValuesQuery: 'More facet values',
  useHistogramQuery: 'Histogram',
  newestRequestQuery: 'Newest request',
  logCountQuery: 'Count',
  LogTableQuery: 'Rows',
  logDetailContentQuery: 'Detail',
  ErrorsViewQuery: 'Errors',
  SlowViewQuery: 'Routes',
  affectedQuery: 'Affected',
  groupChartsQuery: 'Sparklines',
  viewerQuery: 'Plan and scopes',
};

/** What people call the panel of an operation. */
export function panelLabel(operationName: string): string {
  return LABELS[operationName] ?? operationName;
}

const ORDER = Object.keys(LABELS);

/** Where the panel of an operation is among the others: a number to sort by. */
export function panelOrder(operationName: string): number {
  return ORDER.indexOf(operationName);
}
