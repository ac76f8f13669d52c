import { CutText } from './cut-text.tsx';

/** A screen full or two. */
const SHOWN_CHARACTERS = 4_000;

/** A body that is not JSON, as it is. */
export function LongText({ text }: { readonly text: string }) {
  return (
    <div className="code-block">
      <pre>
        <CutText text={text} limit={SHOWN_CHARACTERS} />
      </pre>
    </div>
  );
}
