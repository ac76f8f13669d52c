/** Maximum nesting of arrays and objects in JSON, and of braces in a GraphQL operation. Deeper input is rejected. */
export const MAX_NESTING = 100;

/** Returns whether a value is nested no deeper than `MAX_NESTING`. Not recursive, because the input is not trusted. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_NESTING; depth++) {
    level = level.filter((part) => part !== null && typeof part === 'object');
    if (level.length === 0) return true;
    level = level.flatMap((part) => Object.values(part as object));
  }
  return false;
}
