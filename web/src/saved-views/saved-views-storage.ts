import type { SavedView } from './built-in.ts';

const nameOf = (organizationId: string): string => `relaylog-views-${organizationId}`;

/** Reads what storage has: whatever is not a list of views counts as none. */
export function parseViews(text: string | null): readonly SavedView[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(value)) return [];
    return value
      .filter((view) => typeof view?.name === 'string' && typeof view.search === 'string')
      .map(({ name, search }) => ({ name, search }));
  } catch {
    return [];
  }
}

/** The list with a view; it replaces one of the same name. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...withoutView(views, view.name), view].sort((a, b) => a.name.localeCompare(b.name));
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => view.name !== name);
}

/** The views that this browser keeps for an organization, in order of their names. */
export function loadViews(organizationId: string): readonly SavedView[] {
  try {
    return parseViews(localStorage.getItem(nameOf(organizationId)));
  } catch {
    return [];
  }
}

/** @returns whether the browser kept them: its storage can be full or turned off. */
export function storeViews(organizationId: string, views: readonly SavedView[]): boolean {
  try {
    localStorage.setItem(nameOf(organizationId), JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}
