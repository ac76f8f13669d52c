import { useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import type { IEnvironment, OperationDescriptor, Variables } from 'relay-runtime';

/** An operation whose answer is on the screen. */
export interface ShownOperation {
  readonly name: string;
  /** The document that is sent. */
  readonly text: string;
  readonly variables: Variables;
}

/** The operations that components hold in the store of an environment. */
class HeldOperations {
  readonly #operations = new Set<OperationDescriptor>();
  readonly #listeners = new Set<() => void>();
  #isNotifying = false;
  #shown: readonly ShownOperation[] | null = null;

  add(operation: OperationDescriptor): void {
    this.#operations.add(operation);
    this.#changed();
  }

  delete(operation: OperationDescriptor): void {
    this.#operations.delete(operation);
    this.#changed();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** One operation for each name. Those with `$isNeeded: false` were not sent. */
  readonly shown = (): readonly ShownOperation[] => {
    if (this.#shown !== null) return this.#shown;
    const latest = new Map<string, ShownOperation>();
    for (const { request } of this.#operations) {
      const { name, text } = request.node.params;
      if (request.variables.isNeeded === false) continue;
      // A render that was given up can hold an older operation of the same name for a while: the latest one wins.
      latest.set(name, { name, text: text!, variables: request.variables });
    }
    this.#shown = [...latest.values()];
    return this.#shown;
  };

  /** Relay holds an operation while a component renders, and another one must not be updated then. */
  #changed(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      this.#shown = null;
      for (const listener of this.#listeners) listener();
    });
  }
}

const held = new WeakMap<IEnvironment, HeldOperations>();

/** Records from now on which operations components show. */
export function recordShown(environment: IEnvironment): void {
  const operations = new HeldOperations();
  held.set(environment, operations);
  const retain = environment.retain.bind(environment);
  environment.retain = (operation) => {
    const retained = retain(operation);
    operations.add(operation);
    return {
      dispose() {
        operations.delete(operation);
        retained.dispose();
      },
    };
  };
}

/** The operations whose answers are on the screen. Their environment is recorded. */
export function useShownOperations(): readonly ShownOperation[] {
  const operations = held.get(useRelayEnvironment())!;
  return useSyncExternalStore(operations.subscribe, operations.shown);
}
