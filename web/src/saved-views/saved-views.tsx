import { BookmarkIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';
import './saved-views.css';

const SavedViewsMenu = lazyPart(() => import('./saved-views-menu.tsx'));

/** States of the page under names, which this browser keeps. */
export function SavedViews() {
  const label = (
    <>
      <BookmarkIcon /> <span className="bar-text">Views</span>
    </>
  );
  return (
    <Popover label={label} name="Saved views" align="end">
      {(close) => (
        // The menu has its width before its content is loaded, so that it is placed well.
        <div className="saved-views">
          <PanelBoundary name="The list of views" fallback={null} resetKey={null}>
            <SavedViewsMenu close={close} />
          </PanelBoundary>
        </div>
      )}
    </Popover>
  );
}
