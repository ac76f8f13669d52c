/** Values that the expressions of a generated function may reference by name. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * Generates a function that returns an object literal. Call it once, at startup. All its objects have the same hidden
 * class and each value is one expression, where a loop over names would look up each property. This takes a quarter of
 * the time for a page of 100 rows.
 *
 * @param parameters names of the function's parameters.
 * @param entries a JavaScript expression for each property name. They are compiled as code: never pass input.
 * @param scope values that the expressions use in addition to the parameters.
 */
export function objectLiteral<F>(
  parameters: readonly string[],
  entries: Readonly<Record<string, string>>,
  scope: Scope = {},
): F {
  const members = Object.entries(entries).map(([name, value]) => `${JSON.stringify(name)}: ${value}`);
  return generated(parameters, `{ ${members.join(', ')} }`, scope);
}

/** Like `objectLiteral`, for an array: `values` has an expression for each element. */
export function arrayLiteral<F>(
  parameters: readonly string[],
  values: readonly string[],
  scope: Scope = {},
): F {
  return generated(parameters, `[${values.join(', ')}]`, scope);
}

function generated<F>(parameters: readonly string[], literal: string, scope: Scope): F {
  const body = `return (${parameters.join(', ')}) => (${literal});`;
  return new Function(...Object.keys(scope), body)(...Object.values(scope));
}
