import type { ErrorRow_group$key } from '../__generated__/ErrorRow_group.graphql';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import type { ChartValues } from '../groups/group-charts.ts';
import type { Affected } from './affected.ts';
import { ErrorRow } from './error-row.tsx';

/** A group of errors and what other questions say about it. */
export interface ShownGroup {
  readonly node: ErrorRow_group$key & { readonly id: string };
  /** Null: not counted. Undefined: not known yet. */
  readonly affected: Affected | null | undefined;
  /** Number of errors in each part of the range. Null: not known yet. */
  readonly chart: ChartValues | null;
  /** Selects the logs of the group, within the range of time. */
  readonly filter: RequestLogFilter;
  /** Number of requests to its route, with and without errors. Null: the group is not of one route. */
  readonly requestsOfRoute: number | null;
}

/** @param total number of all errors. */
export function ErrorsTable({
  groups,
  total,
}: {
  readonly groups: readonly ShownGroup[];
  readonly total: number;
}) {
  return (
    <table className="groups">
      <caption className="hidden-label">Errors in groups</caption>
      <thead>
        <tr>
          <th scope="col">Error</th>
          <th scope="col" className="number">
            Count
          </th>
          <th scope="col" className="number">
            Of its route
          </th>
          <th scope="col">Over time</th>
          <th scope="col">Affected</th>
          <th scope="col">Last and first seen</th>
          <th scope="col">Sample</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <ErrorRow key={group.node.id} group={group} total={total} />
        ))}
      </tbody>
    </table>
  );
}
