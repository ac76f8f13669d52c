import { type FormEvent, useState } from 'react';
import { currentCredential } from '../access/credentials.ts';
import { navigate, searchWithoutLog } from '../state/navigate.ts';
import { BUILT_IN, type SavedView } from './built-in.ts';
import { SavedViewItem } from './saved-view-item.tsx';
import { loadViews, storeViews, withoutView, withView } from './saved-views-storage.ts';

/** Saves the state of the page, and opens those that were saved. */
export default function SavedViewsMenu({ close }: { readonly close: () => void }) {
  const organization = currentCredential()!.organizationId;
  const [views, setViews] = useState(() => loadViews(organization));
  const [message, setMessage] = useState('');
  const change = (next: readonly SavedView[], done: string) => {
    setViews(next);
    setMessage(
      storeViews(organization, next)
        ? done
        : 'This browser does not keep views: its storage is full or turned off.',
    );
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name === '') return;
    change(withView(views, { name, search: searchWithoutLog() }), `Saved “${name}”.`);
    event.currentTarget.reset();
  };
  const open = ({ search }: SavedView) => {
    close();
    navigate(search);
  };
  return (
    <>
      <form className="save-view" onSubmit={save}>
        <label className="hidden-label" htmlFor="view-name">
          Name of the view
        </label>
        <input
          id="view-name"
          name="name"
          className="input"
          required
          maxLength={80}
          autoComplete="off"
          placeholder="Save this view as …"
        />
        <button type="submit" className="button primary">
          Save
        </button>
      </form>
      <p className="saved-views-message" role="status">
        {message}
      </p>
      <h2 className="menu-head">Saved in this browser</h2>
      {views.length === 0 && (
        <p className="saved-views-none">None yet. A view is a filter, a range of time and a table.</p>
      )}
      <ul>
        {views.map((view) => (
          <SavedViewItem
            key={view.name}
            view={view}
            onOpen={() => open(view)}
            onRename={(name) =>
              change(withView(withoutView(views, view.name), { ...view, name }), `Renamed to “${name}”.`)
            }
            onDelete={() => change(withoutView(views, view.name), `Deleted “${view.name}”.`)}
            onCopied={(isCopied) =>
              setMessage(isCopied ? 'The link is copied.' : 'The browser did not allow copying.')
            }
          />
        ))}
      </ul>
      <hr />
      <h2 className="menu-head">Start with</h2>
      {BUILT_IN.map((view) => (
        <button key={view.name} type="button" className="menu-item" onClick={() => open(view)}>
          {view.name}
        </button>
      ))}
    </>
  );
}
