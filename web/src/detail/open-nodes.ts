/** How many lines of a tree are open at first. */
const OPEN_LINES = 200;
/** How many entries of an object or list are shown at first, and by how many more each time. */
export const PORTION = 100;

/** The objects and lists that are open at first: level by level, as long as they do not have too many entries together. */
export function initiallyOpen(root: unknown): ReadonlySet<unknown> {
  const open = new Set<unknown>();
  let lines = 0;
  let level = [root];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      const children = Object.values(node).slice(0, PORTION);
      if (lines + children.length > OPEN_LINES) continue;
      open.add(node);
      lines += children.length;
      next.push(...children);
    }
    level = next;
  }
  return open;
}
