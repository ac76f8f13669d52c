import { ErrorRow, type ShownGroup } from './error-row.tsx';

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
