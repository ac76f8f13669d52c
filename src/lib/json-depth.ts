/** How deep arrays and objects in JSON, and braces in an operation, may nest; what is nested deeper is refused. */
export const MAX_NESTING = 100;

/** Whether a value is nested no deeper than the limit; without recursion, as the input is not trusted. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_NESTING; depth++) {
    level = level.filter((part) => part !== null && typeof part === 'object');
    if (level.length === 0) return true;
    level = level.flatMap((part) => Object.values(part as object));
  }
  return false;
}
