import type { LogQuery } from '../../src/log/query.ts';
import { SORT_FIELDS } from '../../src/log/sort.ts';
import type { AccessPaths } from '../../src/store/access-path.ts';
import { catalogueFilters } from '../../test/store/catalogue.ts';

/** Rows of a table: a filter of the catalogue, and for each sort the index that its pages are read from. */
export function questionRows(paths: AccessPaths): string[][] {
  const filters = catalogueFilters({
    method: 'GET',
    routePattern: '/',
    apiKeyId: 'k',
    consumerId: 'c',
    service: 's',
  });
  return Object.entries(filters).map(([name, { filter }]) => [
    name,
    ...SORT_FIELDS.map((sort) => {
      const scope = { organizationId: 'acme', visibleFrom: null };
      const query: LogQuery = { scope, filter, sort, direction: 'desc', limit: 50 };
      const { index, scan } = paths.planPage(query);
      return scan === null || scan.index === index
        ? `\`${index.name}\``
        : `\`${index.name}\` or \`${scan.index.name}\``;
    }),
  ]);
}
