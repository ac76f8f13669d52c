/** Calls a function after all promise jobs that are due now, and those that they cause, without waiting for input or output. */
export function afterPromiseJobs(run: () => void): void {
  // A `nextTick` from within a promise job runs once the queue of promise jobs is empty.
  void Promise.resolve().then(() => process.nextTick(run));
}
