import { JsonTree } from './json-tree.tsx';
import { RedactedText } from './redacted-text.tsx';

/** Recorded headers as a table. */
export function Headers({ name, headers }: { readonly name: string; readonly headers: unknown }) {
  if (headers === null || headers === undefined) return <p className="muted">Not recorded</p>;
  if (typeof headers !== 'object' || Array.isArray(headers)) return <JsonTree value={headers} />;
  const entries = Object.entries(headers);
  if (entries.length === 0) return <p className="muted">None</p>;
  return (
    <table className="headers mono" aria-label={`${name} headers`}>
      <tbody>
        {entries.map(([header, value]) => (
          <tr key={header}>
            <th scope="row">{header}</th>
            <td>
              <RedactedText text={headerText(value)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function headerText(value: unknown): string {
  if (Array.isArray(value)) return value.map(headerText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
