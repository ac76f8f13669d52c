/**
 * Returns the result of the work if it settles within the time limit. Work that takes longer continues, and its result is ignored.
 *
 * @param timeoutError makes the error that is thrown when the time limit is over.
 */
export async function within<T>(ms: number, work: Promise<T>, timeoutError: () => Error): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timeoutError()), ms);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
