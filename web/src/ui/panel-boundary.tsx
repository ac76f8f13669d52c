import { Component, type ReactNode, Suspense } from 'react';
import { StateMessage } from './state-message.tsx';

interface Props {
  /** Such as `The histogram`: the subject of the error message. */
  readonly name: string;
  /** What is shown while the panel loads. */
  readonly fallback: ReactNode;
  /** The panel tries again when this changes. */
  readonly resetKey: unknown;
  readonly children: ReactNode;
}

/** Shows a panel, or its state if it loads or has failed. A failure of one panel leaves the others as they are. */
export class PanelBoundary extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(previous: Props): void {
    if (this.state.error !== null && previous.resetKey !== this.props.resetKey)
      this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { name, fallback, children } = this.props;
    if (error === null) return <Suspense fallback={fallback}>{children}</Suspense>;
    return (
      <StateMessage
        isError
        title={`${name} could not be loaded`}
        actions={
          <button type="button" className="button" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
        }
      >
        {messageOf(error)}
      </StateMessage>
    );
  }
}

/** The server's own message, which says what was wrong and what to do. */
function messageOf(error: Error): string {
  const { source } = error as Error & { source?: { errors?: readonly { message: string }[] } };
  return source?.errors?.[0]?.message ?? error.message;
}
