import './saved-views.css';
import { BookmarkIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { SavedViewsMenu } from './saved-views-menu.tsx';

/** States of the page under names, which this browser keeps. */
export function SavedViews() {
  const label = (
    <>
      <BookmarkIcon /> <span className="bar-text">Views</span>
    </>
  );
  return (
    <Popover label={label} name="Saved views" align="end">
      {(close) => <SavedViewsMenu close={close} />}
    </Popover>
  );
}
