import type { IEnvironment, OperationDescriptor, Variables } from 'relay-runtime';

/** An operation whose answer is on the screen. */
export interface ShownOperation {
  readonly name: string;
  /** The document that is sent. */
  readonly text: string;
  readonly variables: Variables;
}

/** The operations that components hold in the store of an environment, oldest first. */
const held = new WeakMap<IEnvironment, Set<OperationDescriptor>>();

/** Records from now on which operations components show. */
export function recordShown(environment: IEnvironment): void {
  const holder = new Set<OperationDescriptor>();
  held.set(environment, holder);
  const retain = environment.retain.bind(environment);
  environment.retain = (operation) => {
    const retained = retain(operation);
    holder.add(operation);
    return {
      dispose() {
        holder.delete(operation);
        retained.dispose();
      },
    };
  };
}

/** The operations whose answers are on the screen now, one for each name. Those with `$isNeeded: false` were not sent. */
export function shownOperations(environment: IEnvironment): readonly ShownOperation[] {
  const latest = new Map<string, ShownOperation>();
  for (const { request } of held.get(environment) ?? []) {
    const { name, text } = request.node.params;
    if (request.variables.isNeeded === false) continue;
    // A render that was given up can hold an older operation of the same name for a while.
    latest.delete(name);
    latest.set(name, { name, text: text!, variables: request.variables });
  }
  return [...latest.values()];
}
