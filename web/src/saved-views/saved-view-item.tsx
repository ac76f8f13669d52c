import { type FormEvent, useState } from 'react';
import { copyText } from '../ui/copy-text.ts';
import { LinkIcon, PencilIcon, TrashIcon } from '../ui/icons.tsx';
import type { SavedView } from './built-in.ts';

/** One saved view, and what can be done with it. */
export function SavedViewItem({
  view: { name, search },
  onOpen,
  onRename,
  onDelete,
  onCopied,
}: {
  readonly view: SavedView;
  readonly onOpen: () => void;
  readonly onRename: (name: string) => void;
  readonly onDelete: () => void;
  readonly onCopied: (isCopied: boolean) => void;
}) {
  const [isRenaming, setRenaming] = useState(false);
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const next = String(new FormData(event.currentTarget).get('name')).trim();
    setRenaming(false);
    if (next !== '' && next !== name) onRename(next);
  };
  const copy = () => {
    const url = new URL(location.pathname, location.href);
    url.search = search;
    void copyText(url.href).then(onCopied);
  };
  if (isRenaming) {
    return (
      <li>
        <form className="save-view" onSubmit={rename}>
          <input
            name="name"
            className="input"
            aria-label={`New name of ${name}`}
            defaultValue={name}
            required
            maxLength={80}
            autoComplete="off"
            ref={(input) => input?.select()}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.preventDefault();
              setRenaming(false);
            }}
          />
          <button type="submit" className="button">
            Rename
          </button>
        </form>
      </li>
    );
  }
  return (
    <li className="saved-view">
      <button type="button" className="menu-item" onClick={onOpen} title={name}>
        <span>{name}</span>
      </button>
      <button
        type="button"
        className="button quiet icon"
        aria-label={`Copy the link to ${name}`}
        onClick={copy}
      >
        <LinkIcon />
      </button>
      <button
        type="button"
        className="button quiet icon"
        aria-label={`Rename ${name}`}
        onClick={() => setRenaming(true)}
      >
        <PencilIcon />
      </button>
      <button type="button" className="button quiet icon" aria-label={`Delete ${name}`} onClick={onDelete}>
        <TrashIcon />
      </button>
    </li>
  );
}
