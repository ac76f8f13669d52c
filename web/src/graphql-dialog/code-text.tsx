/** A text that scrolls, by the keyboard as well. */
export function CodeText({
  name,
  text,
  isShort = false,
}: {
  readonly name: string;
  readonly text: string;
  readonly isShort?: boolean;
}) {
  return (
    <section
      className={isShort ? 'operation-text short' : 'operation-text'}
      aria-label={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus, so that arrow keys scroll it
      tabIndex={0}
    >
      <pre>{text}</pre>
    </section>
  );
}
