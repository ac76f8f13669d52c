import { Fragment } from 'react';

export const REDACTED = '[REDACTED]';

/** A text of a log, in which the places of secrets are shown as such. */
export function RedactedText({ text }: { readonly text: string }) {
  if (!text.includes(REDACTED)) return text;
  return text.split(REDACTED).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their places
    <Fragment key={index}>
      {index > 0 && <RedactedBadge />}
      {part}
    </Fragment>
  ));
}

export function RedactedBadge() {
  return <span className="badge redacted">redacted</span>;
}
