import { type Connection, connectionTo } from '../connection.ts';
import { translateError } from '../errors.ts';
import { type BuildFailure, type BuildProgress, build, warningFor } from './build.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';

/** Compares a server's schema with the declared schema and creates what is missing. */
export interface Doctor {
  /** @throws RelaylogError UNAVAILABLE */
  examine(): Promise<Finding[]>;
  /** Returns what `build` blocks while it runs, as sentences for the operator; null if it blocks nothing. */
  warningFor(findings: readonly Finding[]): string | null;
  /** Creates what is missing; changes and drops nothing. Returns what the server rejected. @throws RelaylogError UNAVAILABLE */
  build(
    findings: readonly Finding[],
    onProgress?: (progress: BuildProgress) => void,
  ): Promise<BuildFailure[]>;
  close(): Promise<void>;
}

/** No timeout: building an index over many logs takes long. */
const NO_LIMIT = 0;

/** @param url the URL of the store. @throws Error if it is not a MongoDB URL. */
export function mongoDoctor(url: string): Doctor {
  const connection = connectionTo(url, NO_LIMIT, { socketTimeoutMS: NO_LIMIT });
  const run = async <T>(work: (on: Connection) => Promise<T>): Promise<T> => {
    try {
      await connection.client.connect();
      return await work(connection);
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    examine: () => run(examine),
    warningFor,
    build: (findings, onProgress) => run((on) => build(on, findings, onProgress)),
    close: () => connection.client.close(),
  };
}
