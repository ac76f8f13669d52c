import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** A file of the page could not be loaded. The browser remembers this until the page is loaded again. */
export class PartError extends Error {}

/** A component that is loaded when it is first rendered. It must be within a `PanelBoundary`. */
export function lazyPart<P>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(() =>
    load().catch((cause) => {
      throw new PartError(
        'A part of the page could not be loaded. The server may have a newer version of the page.',
        {
          cause,
        },
      );
    }),
  );
}
