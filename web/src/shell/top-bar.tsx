import { GraphqlButton } from '../graphql-dialog/graphql-button.tsx';
import { SavedViews } from '../saved-views/saved-views.tsx';
import { useUrlState, VIEWS } from '../state/url-state.ts';
import { Logo } from '../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';

const LABELS = { logs: 'Logs', errors: 'Errors', slow: 'Slow' } as const;

/** Brand, views, and what concerns the page as a whole. */
export function TopBar() {
  const [{ view }, setState] = useUrlState();
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Logo /> Relaylog
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
            {LABELS[name]}
          </button>
        ))}
      </nav>
      <span className="space" />
      <SavedViews />
      <GraphqlButton />
      <AccountMenu />
    </header>
  );
}
