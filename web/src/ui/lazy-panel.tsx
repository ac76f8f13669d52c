import { type ComponentType, use } from 'react';
import { type Attempt, useCurrentAttempt } from './panel-boundary.tsx';
import { PartError } from './part-error.ts';

/**
 * A component whose code is loaded when it is first shown, within a `PanelBoundary`. Unlike with `React.lazy`, code that could
 * not be loaded is asked for again when the user tries again.
 */
export function lazyPanel<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let Loaded: ComponentType<Props> | null = null;
  const loads = new WeakMap<Attempt, Promise<ComponentType<Props>>>();

  const loadFor = (attempt: Attempt) => {
    const loading = loads.get(attempt) ?? loadPart();
    loads.set(attempt, loading);
    return loading;
  };
  const loadPart = async () => {
    try {
      Loaded = await load();
      return Loaded;
    } catch (cause) {
      throw new PartError(cause);
    }
  };
  return function LazyPanel(props: Props) {
    const attempt = useCurrentAttempt();
    const Panel = Loaded ?? use(loadFor(attempt));
    return <Panel {...props} />;
  };
}
