import type { MouseEvent } from 'react';

/** A click anywhere in a row opens it, unless it ends the selection of a text. For the keyboard there is a button in the row. */
export const openByRow =
  (open: () => void) =>
  ({ detail }: MouseEvent): void => {
    // A key has no count of clicks.
    if (detail === 0 || getSelection()?.isCollapsed !== false) open();
  };
