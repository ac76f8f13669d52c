import { type Connection, connectionTo } from '../connection.ts';
import { translated } from '../errors.ts';
import { type BuildProgress, build } from './build.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';

/** Looks after a server: says how it differs from the declaration, and makes what is missing. */
export interface Doctor {
  /** @throws RelaylogError UNAVAILABLE */
  examine(): Promise<Finding[]>;
  /** Makes what is missing, and nothing else. @throws RelaylogError UNAVAILABLE */
  build(findings: readonly Finding[], onProgress?: (progress: BuildProgress) => void): Promise<void>;
  close(): Promise<void>;
}

/** An index of many logs takes long: no limit but the operator's patience. */
const NO_LIMIT = 0;

/** @param url as the store's own. @throws Error if it is none of MongoDB. */
export function mongoDoctor(url: string): Doctor {
  const connection = connectionTo(url, NO_LIMIT, { socketTimeoutMS: NO_LIMIT });
  const run = async <T>(work: (on: Connection) => Promise<T>): Promise<T> => {
    try {
      await connection.client.connect();
      return await work(connection);
    } catch (error) {
      throw translated(error);
    }
  };
  return {
    examine: () => run(examine),
    build: (findings, onProgress) => run((on) => build(on, findings, onProgress)),
    close: () => connection.client.close(),
  };
}
