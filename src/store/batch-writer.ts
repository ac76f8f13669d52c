import type { RecordedRequest, RequestLog } from '../log/request-log.ts';
import { type PayloadText, SerializedPayload } from '../log/serialized-payload.ts';
import { payloadText } from './payload-text.ts';
import type { InsertResult, Store } from './store.ts';

/** A batch of this many logs fills one transaction of SQLite; a larger one is not faster. */
const MAX_LOGS = 20_000;
/** Bounds the memory of a batch of logs with large bodies. */
const MAX_CHARACTERS = 8_388_608;
/** An older batch is sent although it is small: a slow source must not keep logs from the store, nor hide the progress. */
const MAX_AGE_MS = 1_000;

/**
 * Stores any number of logs of one organization in large batches, in their order. The next batch is collected while the store
 * works: by a store that combines batches, one is stored while another one waits; by other stores, only one is stored.
 */
export class BatchWriter {
  readonly #store: Pick<Store, 'insert' | 'capabilities'>;
  readonly #organizationId: string;
  readonly #onStored: (result: InsertResult) => void;
  readonly #inFlight: Promise<void>[] = [];
  #batch: RecordedRequest[] = [];
  #characters = 0;
  #oldest = 0;
  #failure: { readonly error: unknown } | null = null;

  /** @param onStored called after each commit. */
  constructor(
    store: Pick<Store, 'insert' | 'capabilities'>,
    organizationId: string,
    onStored: (result: InsertResult) => void,
  ) {
    this.#store = store;
    this.#organizationId = organizationId;
    this.#onStored = onStored;
  }

  /** Adds a log to the batch, which stays in memory until `send` or `end`. */
  add({ log, payload }: RecordedRequest): void {
    if (this.#batch.length === 0) this.#oldest = performance.now();
    const text = payload && payloadText(payload);
    this.#batch.push({ log, payload: text && new SerializedPayload(text) });
    this.#characters += charactersOf(log) + charactersOf(text ?? {});
  }

  /** Whether the batch should be sent. */
  get isDue(): boolean {
    return (
      this.#batch.length >= MAX_LOGS ||
      this.#characters >= MAX_CHARACTERS ||
      (this.#batch.length > 0 && performance.now() - this.#oldest >= MAX_AGE_MS)
    );
  }

  /** Passes the batch to the store as soon as the store takes one. @throws the error of any earlier batch. */
  async send(): Promise<void> {
    const most = this.#store.capabilities.combinesInserts ? 2 : 1;
    while (this.#inFlight.length >= most) {
      await this.#inFlight[0];
      this.#inFlight.shift();
    }
    this.#throwFailure();
    if (this.#batch.length > 0) this.#inFlight.push(this.#insert(this.#batch));
    this.#batch = [];
    this.#characters = 0;
  }

  /** Stores the rest, unless a batch failed, and waits for all batches. @throws the error of the first batch that failed. */
  async end(): Promise<void> {
    if (this.#failure === null) await this.send();
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  async #insert(batch: readonly RecordedRequest[]): Promise<void> {
    try {
      this.#onStored(await this.#store.insert(batch, { ofOrganization: this.#organizationId }));
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** How many characters the texts of an object have. */
function charactersOf(values: RequestLog | Partial<PayloadText>): number {
  let characters = 0;
  for (const value of Object.values(values)) if (typeof value === 'string') characters += value.length;
  return characters;
}
