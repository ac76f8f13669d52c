import './shortcuts.css';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { KeyboardIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { useKeys } from '../ui/use-keys.ts';

const ShortcutList = lazyPart(() => import('./shortcut-list.tsx'));

/** Lists the shortcuts of the page: a button, and the key `?`. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  useKeys({ '?': () => setOpen(true) });
  return (
    <>
      <button
        type="button"
        className="button quiet icon shortcuts-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => setOpen(true)}
      >
        <KeyboardIcon />
      </button>
      {isOpen && (
        <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
          <PanelBoundary name="The list of shortcuts" resetKey={null} fallback={null}>
            <ShortcutList />
          </PanelBoundary>
        </Dialog>
      )}
    </>
  );
}
