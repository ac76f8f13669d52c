const MAX_NAMES = 100;
const MAX_LENGTH = 64;

/** Maps names that clients choose to a bounded set of metric labels. */
export interface BoundedNames {
  readonly size: number;
  /** Returns the name if it is among the first `max` names and has at most 64 characters, otherwise `other`. */
  labelOf(name: string): string;
}

/** @param max maximum number of names besides `other`. Default: 100. */
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
