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
