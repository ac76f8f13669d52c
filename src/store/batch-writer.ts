import type { RecordedRequest, RequestLog } from '../log/request-log.ts';
import { type PayloadText, SerializedPayload } from '../log/serialized-payload.ts';
import { payloadText } from './payload-text.ts';
import type { InsertResult, Store } from './store.ts';

/** Bounds of a batch. A store that combines batches keeps them in less memory than their logs. */
const BATCH = { logs: 1_000, characters: 1_048_576 };
/**
 * Bounds of the batches that are stored by one commit. Each commit writes the changed pages of every index, so a large one
 * writes less for each log. An older group is stored although it is small: a slow source must not keep logs from the store, nor hide the progress.
 */
const GROUP = { logs: 20_000, characters: 8_388_608, ms: 1_000 };

interface Group {
  /** Logs and characters of its batches that were passed to the store. */
  logs: number;
  characters: number;
  /** When its first log was added, by `performance.now`. */
  readonly start: number;
  /** One promise for each batch that was passed to the store. */
  readonly stored: Promise<void>[];
}

/**
 * Stores any number of logs of one organization, in their order. Logs are added while earlier ones are being stored: by a
 * store that combines batches, one group of batches is stored while another one waits; other stores get one batch at a time.
 */
export class BatchWriter {
  readonly #store: Pick<Store, 'insert' | 'capabilities'>;
  readonly #organizationId: string;
  readonly #batchLogs: number;
  readonly #onStored: (result: InsertResult) => void;
  /** Complete groups that are being stored. */
  readonly #groups: Promise<unknown>[] = [];
  /** The group of the batch; null before its first log. */
  #group: Group | null = null;
  #batch: RecordedRequest[] = [];
  #characters = 0;
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param onStored called after each batch is committed.
   * @param batchLogs logs of a batch. If an insert fails, some of its logs may be stored (see `LogStore.insert`), but only if all
   *   batches before are.
   */
  constructor(
    store: Pick<Store, 'insert' | 'capabilities'>,
    organizationId: string,
    onStored: (result: InsertResult) => void,
    batchLogs = BATCH.logs,
  ) {
    this.#batchLogs = batchLogs;
    this.#store = store;
    this.#organizationId = organizationId;
    this.#onStored = onStored;
  }

  /** Adds a log to the batch, which stays in memory until `send` or `end`. */
  add({ log, payload }: RecordedRequest): void {
    this.#group ??= { logs: 0, characters: 0, start: performance.now(), stored: [] };
    const text = payload && payloadText(payload);
    this.#batch.push({ log, payload: text && new SerializedPayload(text) });
    this.#characters += charactersOf(log) + charactersOf(text ?? {});
  }

  /** Whether the batch should be sent. */
  get isDue(): boolean {
    const isFull = this.#batch.length >= this.#batchLogs || this.#characters >= BATCH.characters;
    return isFull || (this.#group !== null && performance.now() - this.#group.start >= GROUP.ms);
  }

  /** Passes the batch to the store as soon as the store takes one. @throws the error of any earlier batch. */
  async send(): Promise<void> {
    await this.#send(false);
  }

  /** Stores the rest, unless a batch failed, and waits for all batches. @throws the error of the first batch that failed. */
  async end(): Promise<void> {
    if (this.#failure === null) await this.#send(true);
    else this.#sendNothingMore();
    await Promise.all(this.#groups);
    this.#throwFailure();
  }

  /** The store may be waiting for the rest of a group. */
  #sendNothingMore(): void {
    if (this.#group === null || this.#group.stored.length === 0) return;
    this.#groups.push(Promise.all([...this.#group.stored, this.#insert([], false)]));
  }

  async #send(isLast: boolean): Promise<void> {
    const group = this.#group;
    if (group === null) return;
    const { combinesInserts } = this.#store.capabilities;
    if (group.stored.length === 0) await this.#groupsBelow(combinesInserts ? 2 : 1);
    this.#throwFailure();
    group.logs += this.#batch.length;
    group.characters += this.#characters;
    const isFull = group.logs >= GROUP.logs || group.characters >= GROUP.characters;
    const more = combinesInserts && !isLast && !isFull && performance.now() - group.start < GROUP.ms;
    group.stored.push(this.#insert(this.#batch, more));
    this.#batch = [];
    this.#characters = 0;
    if (more) return;
    this.#groups.push(Promise.all(group.stored));
    this.#group = null;
  }

  /** Waits until fewer groups than this are being stored. */
  async #groupsBelow(limit: number): Promise<void> {
    while (this.#groups.length >= limit) {
      await this.#groups[0];
      this.#groups.shift();
    }
  }

  /** Never rejects. Does not retain the batch: the store keeps what it needs. */
  #insert(batch: readonly RecordedRequest[], more: boolean): Promise<void> {
    const failed = (error: unknown) => {
      this.#failure ??= { error };
    };
    const options = { ofOrganization: this.#organizationId, more };
    return this.#store.insert(batch, options).then(this.#onStored).catch(failed);
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
