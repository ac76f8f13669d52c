/** Levels of arrays and objects that are looked into; what is nested deeper is refused, or left as text. */
export const MAX_JSON_DEPTH = 100;

/** Whether a value is nested no deeper than the limit; without recursion, as the input is not trusted. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_JSON_DEPTH; depth++) {
    level = level.filter((part) => part !== null && typeof part === 'object');
    if (level.length === 0) return true;
    level = level.flatMap((part) => Object.values(part as object));
  }
  return false;
}
