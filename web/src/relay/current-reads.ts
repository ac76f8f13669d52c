/** How long panels may take to render after a change. An answer that they still wait for is not asked for twice then. */
const RENDER_MS = 100;

/** What the page shows, or is about to show. */
export interface Shown {
  readonly question: unknown;
}

/**
 * Which requests of an environment the page still waits for. Relay does not tell: it never unsubscribes from a query that a
 * component waited for and does not need any more (its `QueryResource` does so for live queries only).
 *
 * A component that waits reads its query whenever it renders, and it renders again when the question or the view changes. So a
 * request that components waited for before the change, but none after it, is superseded. Components that still show the
 * question before do not count: React renders them until those of the new one are ready.
 */
export class CurrentReads {
  #shown: Shown | null = null;
  /** What was shown when a component last waited, by the identifier of the request. */
  readonly #lastRead = new Map<string, Shown | null>();
  /** Aborts each request that is executed and superseded. */
  readonly #aborts = new Set<() => void>();
  /** Executes again, by the identifier of the request. */
  readonly #resumes = new Map<string, () => void>();

  /** The question of the component that is being rendered. */
  reader: unknown = null;

  /** @param shown compared by identity. Null: nothing. */
  setShown(shown: Shown | null): void {
    if (this.#shown === null) {
      // What was read while the page rendered for the first time.
      for (const [request, of] of this.#lastRead) if (of === null) this.#lastRead.set(request, shown);
    }
    this.#shown = shown;
    setTimeout(() => {
      for (const abort of this.#aborts) abort();
    }, RENDER_MS);
  }

  /** Records that a component waits for the answer of a request that depends on what is shown. */
  record(request: string): void {
    if (this.#shown !== null && this.reader !== this.#shown.question) return;
    this.#lastRead.set(request, this.#shown);
    this.#resumes.get(request)?.();
  }

  /**
   * Executes a request while the page waits for its answer. When it is superseded, the signal is aborted; when it is wanted
   * again, it is executed again.
   */
  async whileWanted<Answer>(
    request: string,
    execute: (wanted: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    this.#lastRead.delete(request);
    while (true) {
      const controller = new AbortController();
      const abort = () => this.#isSuperseded(request) && controller.abort();
      this.#aborts.add(abort);
      try {
        return await execute(controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      } finally {
        this.#aborts.delete(abort);
      }
      if (this.#isSuperseded(request)) {
        await new Promise<void>((resolve) => this.#resumes.set(request, resolve));
        this.#resumes.delete(request);
      }
    }
  }

  #isSuperseded(request: string): boolean {
    return this.#lastRead.has(request) && this.#lastRead.get(request) !== this.#shown;
  }
}
