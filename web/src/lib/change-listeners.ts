/** Who wants to know that something has changed. */
export class ChangeListeners {
  readonly #listeners = new Set<() => void>();

  /** Calls the listener after each change. @returns a function that removes it. */
  readonly add = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Says that there was a change. */
  notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
