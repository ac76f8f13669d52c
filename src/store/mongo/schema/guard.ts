import { unavailable } from '../../unavailable.ts';
import type { Connection } from '../connection.ts';
import { ensureSchema } from './create.ts';
import { type Finding, reasonOf } from './finding.ts';

/** The default interval of schema checks, in milliseconds. */
export const CHECK_MS = 30_000;
/** A check that is younger than this is not repeated after an error, in milliseconds. */
const FRESH_MS = 1_000;

/**
 * Rejects calls while the schema could make their results wrong. Creates the schema at the first call, then checks it at a
 * fixed interval and after each connection loss.
 */
export class SchemaGuard {
  readonly #connection: Connection;
  readonly #checkMs: number;
  #findings: Promise<readonly Finding[]> | undefined;
  #checkedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(connection: Connection, checkMs: number) {
    this.#connection = connection;
    this.#checkMs = checkMs;
  }

  /** @throws RelaylogError UNAVAILABLE if results could be wrong; errors of the driver. */
  async assertServable(): Promise<void> {
    rejectBy(await this.#current(), ['wrong']);
  }

  /** Also fails if only some queries can be served. Repeats the check if the last one found a problem. */
  async assertComplete(): Promise<void> {
    const known = this.#findings;
    const hasProblem = (await this.#current()).some(({ impact }) => impact !== undefined);
    if (hasProblem && this.#findings === known) this.#findings = undefined;
    rejectBy(await this.#current(), ['wrong', 'unusable']);
  }

  /** Makes the next call check the schema: after a connection loss, it may reach another server. */
  distrust(): void {
    if (performance.now() - this.#checkedAt > FRESH_MS) this.#findings = undefined;
  }

  /** Rejects every later call: the driver would connect again. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  async #current(): Promise<readonly Finding[]> {
    if (this.#isClosed) throw unavailable('the store is closed');
    if (this.#findings === undefined) {
      const check = this.#check();
      this.#findings = check;
      check.catch(() => {
        if (this.#findings === check) this.#findings = undefined;
      });
    }
    return this.#findings;
  }

  async #check(): Promise<readonly Finding[]> {
    // Without this call, the driver never retries a failed first connection.
    await this.#connection.client.connect();
    const findings = await ensureSchema(this.#connection);
    this.#checkedAt = performance.now();
    if (!this.#isClosed) this.#timer ??= setInterval(() => this.#checkAgain(), this.#checkMs).unref();
    return findings;
  }

  /** The previous findings stay valid until the check succeeds. */
  #checkAgain(): void {
    const known = this.#findings;
    const check = this.#check();
    check.then(
      () => {
        // A call may have started a later check.
        if (this.#findings === known) this.#findings = check;
      },
      () => undefined,
    );
  }
}

function rejectBy(findings: readonly Finding[], impacts: readonly Finding['impact'][]): void {
  const finding = findings.find(({ impact }) => impact !== undefined && impacts.includes(impact));
  if (finding !== undefined) throw unavailable(reasonOf(finding));
}
