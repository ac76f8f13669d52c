const MAX_NAMES = 100;
const MAX_LENGTH = 64;

/** Names that clients choose, fit to be a label of a metric: there are never more than a hundred. */
export interface BoundedNames {
  readonly size: number;
  /** The name itself if it is among the first hundred; `other` past them, and for a name above 64 characters. */
  labelOf(name: string): string;
}

export function boundedNames(max = MAX_NAMES): BoundedNames {
  const known = new Set<string>();
  return {
    get size() {
      return known.size;
    },
    labelOf(name) {
      if (known.has(name)) return name;
      if (known.size >= max || name.length > MAX_LENGTH) return 'other';
      known.add(name);
      return name;
    },
  };
}
