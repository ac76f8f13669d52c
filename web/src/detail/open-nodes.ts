/** How many lines of a tree are open at first. */
const OPEN_LINES = 200;

/** The objects and lists that are open at first: level by level, as long as they do not have too many entries together. */
export function initiallyOpen(root: unknown): ReadonlySet<unknown> {
  const open = new Set<unknown>();
  let lines = 0;
  let level = [root];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      const children = Object.values(node);
      // What is outermost is always open; it shows its entries in portions.
      if (node !== root && lines + children.length > OPEN_LINES) continue;
      open.add(node);
      lines += children.length;
      if (lines < OPEN_LINES) next.push(...children.slice(0, OPEN_LINES));
    }
    level = next;
  }
  return open;
}
