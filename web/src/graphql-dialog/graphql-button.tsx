import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { CodeIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';

const OperationTabs = lazyPart(() => import('./operation-tabs.tsx'));

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
          <PanelBoundary name="The list of operations" resetKey={null} fallback={null}>
            <OperationTabs />
          </PanelBoundary>
        </Dialog>
      )}
    </>
  );
}
