import type { Connection } from '../connection.ts';

/** Reads as many sources together as are permitted. If a read fails, rejects after all reads that were started have ended. */
export async function together<S, T>(
  reserve: Connection['reserve'],
  sources: readonly S[],
  read: (source: S) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  while (results.length < sources.length) {
    using reservation = reserve(sources.length - results.length);
    const group = sources.slice(results.length, results.length + reservation.count);
    results.push(...(await allEnded(group.map(read))));
  }
  return results;
}

/** Like `Promise.all`, but rejects only when all have settled. */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
