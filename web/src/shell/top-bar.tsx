import { GraphqlButton } from '../graphql-dialog/graphql-button.tsx';
import { SavedViews } from '../saved-views/saved-views.tsx';
import { useUrlState, VIEWS } from '../state/url-state.ts';
import { Logo } from '../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { VIEW_LABELS } from './view-labels.ts';

/** Brand, views, and what concerns the page as a whole. */
export function TopBar() {
  const [{ view }, setState] = useUrlState();
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Logo /> <span className="bar-text">Relaylog</span>
      </h1>
      <nav aria-label="Views">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            className="tab"
            aria-current={name === view ? 'page' : undefined}
            onClick={() => setState({ view: name })}
          >
            {VIEW_LABELS[name]}
          </button>
        ))}
      </nav>
      <span className="space" />
      <SavedViews />
      <GraphqlButton />
      <Shortcuts />
      <AccountMenu />
    </header>
  );
}
