import { lazyPanel } from '../ui/lazy-panel.tsx';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';

const SyntaxHelp = lazyPanel(async () => (await import('./syntax-help-content.tsx')).SyntaxHelpContent);

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
