import { formatBytes } from '../format/number.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { JsonTree } from './json-tree.tsx';
import { LongText } from './long-text.tsx';
import { recordedBody } from './recorded-body.ts';

/** A recorded body: JSON as a tree, anything else as text. */
export function Body({ name, body }: { readonly name: string; readonly body: unknown }) {
  const recorded = recordedBody(body);
  return (
    <>
      <div className="body-head">
        <h3>{name} body</h3>
        {recorded.kind !== 'none' && recorded.kind !== 'omitted' && (
          <CopyButton
            label="Copy"
            text={() => {
              if (recorded.kind === 'json') return JSON.stringify(recorded.value, null, 2);
              return recorded.kind === 'text' ? recorded.text : recorded.beginning;
            }}
          />
        )}
      </div>
      {recorded.kind === 'none' && <p className="muted">Not recorded</p>}
      {recorded.kind === 'json' && <JsonTree value={recorded.value} />}
      {recorded.kind === 'text' && <LongText text={recorded.text} />}
      {recorded.kind === 'truncated' && (
        <>
          <p className="body-note">
            Truncated: the body had {formatBytes(recorded.originalBytes)}; only its beginning was recorded.
          </p>
          <LongText text={recorded.beginning} />
        </>
      )}
      {recorded.kind === 'omitted' && (
        <p className="body-note">
          Omitted: {recorded.reason}
          {recorded.contentType !== null && `, type ${recorded.contentType}`}
          {recorded.originalBytes !== null && `, ${formatBytes(recorded.originalBytes)}`}
        </p>
      )}
    </>
  );
}
