import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { CodeIcon } from '../ui/icons.tsx';
import { lazyPanel } from '../ui/lazy-panel.tsx';
import { PanelBoundary } from '../ui/panel-boundary.tsx';

const Operations = lazyPanel(async () => (await import('./operations.tsx')).Operations);

/** Opens the GraphQL of what is on the screen. */
export function GraphqlButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        aria-label="Show the GraphQL"
        title="Show the GraphQL of what is on the screen"
        onClick={() => setOpen(true)}
      >
        <CodeIcon /> <span className="bar-text">GraphQL</span>
      </button>
      {isOpen && (
        <Dialog title="GraphQL of this page" onClose={() => setOpen(false)}>
          <PanelBoundary name="The GraphQL" resetKey={null} fallback={null}>
            <Operations />
          </PanelBoundary>
        </Dialog>
      )}
    </>
  );
}
