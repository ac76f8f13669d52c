const LABELS: Readonly<Record<string, string>> = {
  LogTableQuery: 'Rows',
  logCountQuery: 'Count',
  useNewLogCountQuery: 'New requests',
  useSharedFacetsQuery: 'Facets',
  useFacetValuesQuery: 'More facet values',
  useValuesQuery: 'Suggestions',
  logDetailContentQuery: 'Detail',
  ErrorsViewQuery: 'Errors',
  SlowViewQuery: 'Routes',
  affectedQuery: 'Affected',
  groupChartsQuery: 'Sparklines',
  viewerQuery: 'Plan and scopes',
};

/** What people call the panel of an operation: `useHistogramQuery` is `Histogram`. */
export function panelLabel(operationName: string): string {
  const known = LABELS[operationName];
  if (known !== undefined) return known;
  const words = operationName
    .replace(/^use|Query$/g, '')
    .replaceAll(/(?<=[a-z0-9])([A-Z])/g, ' $1')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
