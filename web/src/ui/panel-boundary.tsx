import { Component, createContext, type ReactNode, Suspense, useContext } from 'react';
import { PartError } from './part-error.ts';
import { StateMessage } from './state-message.tsx';

/** One attempt to load a panel. Compared by identity. */
export interface Attempt {
  /** How often the user has tried again. */
  readonly count: number;
}

const AttemptContext = createContext<Attempt>({ count: 0 });

/** The present attempt of the boundary around the component. */
export const useCurrentAttempt = (): Attempt => useContext(AttemptContext);

/** How often the user has tried again to load the panel: the `fetchKey` of its queries, because Relay remembers a failure. */
export const useAttempt = (): number => useCurrentAttempt().count;

interface Props {
  /** Such as `The histogram`: the subject of the error message. Null: a failure is not shown. */
  readonly name: string | null;
  /** What is shown while the panel loads. */
  readonly fallback: ReactNode;
  /** The panel tries again when this changes. */
  readonly resetKey: unknown;
  readonly children: ReactNode;
}

/** Shows a panel, or its state if it loads or has failed. A failure of one panel leaves the others as they are. */
export class PanelBoundary extends Component<
  Props,
  { readonly error: Error | null; readonly attempt: Attempt }
> {
  override state = { error: null as Error | null, attempt: { count: 0 } };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(previous: Props): void {
    if (this.state.error !== null && previous.resetKey !== this.props.resetKey)
      this.setState({ error: null, attempt: { ...this.state.attempt } });
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { name, fallback, children } = this.props;
    if (error === null) {
      return (
        <AttemptContext value={this.state.attempt}>
          <Suspense fallback={fallback}>{children}</Suspense>
        </AttemptContext>
      );
    }
    if (name === null) return null;
    return (
      <StateMessage
        isError
        title={`${name} could not be loaded`}
        actions={
          <>
            <button
              type="button"
              className="button"
              onClick={() =>
                this.setState(({ attempt }) => ({ error: null, attempt: { count: attempt.count + 1 } }))
              }
            >
              Try again
            </button>
            {error instanceof PartError && (
              <button type="button" className="button" onClick={() => location.reload()}>
                Reload the page
              </button>
            )}
          </>
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
