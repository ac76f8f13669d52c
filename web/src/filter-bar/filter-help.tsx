import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';

const SyntaxHelp = lazyPart(() => import('./syntax-help-content.tsx'));

/** A button that shows the typed syntax. */
export function FilterHelp() {
  return (
    <Popover label="?" name="Filter syntax" className="button quiet icon filter-button" align="end">
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
        <section className="filter-help" tabIndex={0} aria-label="Filter syntax">
          <PanelBoundary name="The help" fallback={null} resetKey={null}>
            <SyntaxHelp />
          </PanelBoundary>
        </section>
      )}
    </Popover>
  );
}
