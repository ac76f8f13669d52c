import {
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNullableType,
  type VariableValues,
} from 'graphql';

/** One execution of a compiled operation. */
export class Run {
  readonly context: object;
  readonly variables: VariableValues;
  /** Arguments by field number; all rows share them. */
  readonly args: Record<string, unknown>[] = [];
  readonly #allSettled = Promise.withResolvers<void>();
  #pending = 0;

  constructor(context: object, variables: VariableValues) {
    this.context = context;
    this.variables = variables;
    // If a resolver throws synchronously, nothing awaits this promise, and its rejection would be unhandled.
    this.#allSettled.promise.catch(() => undefined);
  }

  /** Calls `fill` with the value once it resolves. `filled` rejects with the first error; later errors are ignored. */
  wait(value: Promise<unknown>, fill: (value: unknown) => void): void {
    this.#pending += 1;
    value.then((settled) => {
      try {
        fill(settled);
        this.#pending -= 1;
        if (this.#pending === 0) this.#allSettled.resolve();
      } catch (error) {
        this.#allSettled.reject(error);
      }
    }, this.#allSettled.reject);
  }

  /** Resolves once all values that were passed to `wait` are filled in. */
  async filled(): Promise<void> {
    if (this.#pending > 0) await this.#allSettled.promise;
  }
}

/** Converts a resolver's value, which must not be a promise, to its value in the response. @throws BailOut */
export type Complete = (value: unknown, run: Run) => unknown;

export interface CompiledField {
  /** Response key. */
  readonly key: string;
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Index in `Run.args`. */
  readonly number: number;
  readonly info: GraphQLResolveInfo;
  readonly complete: Complete;
}

/** By scalar, the test for values that can be used in the response unchanged; other values go through `complete`. */
const PASS_THROUGH: Readonly<Record<string, (value: string) => string>> = {
  String: (value) => `typeof ${value} === 'string'`,
  ID: (value) => `typeof ${value} === 'string'`,
  Boolean: (value) => `typeof ${value} === 'boolean'`,
  SafeInt: (value) => `Number.isSafeInteger(${value})`,
  Int: (value) => `(${value} | 0) === ${value}`,
};

/**
 * Generates a function that builds the response object of a selection set. The generated code uses one object literal, so
 * all rows share one V8 shape and a plain field costs one property read. Promises are filled in when they resolve.
 *
 * @param fields in response order; a string is a constant value.
 */
export function objectWriter(fields: ReadonlyMap<string, CompiledField | string>): Complete {
  const names: string[] = [];
  const values: string[] = [];
  const entries: string[] = [];
  const promised: string[] = [];
  const compiled: CompiledField[] = [];
  for (const [key, field] of fields) {
    // `__proto__` as a literal key would set the prototype; any other name is faster as a literal.
    const name = key === '__proto__' ? '["__proto__"]' : JSON.stringify(key);
    if (typeof field === 'string') {
      entries.push(`${name}: ${JSON.stringify(field)}`);
      continue;
    }
    const i = compiled.push(field) - 1;
    const passThrough = PASS_THROUGH[String(getNullableType(field.definition.type))]?.(`v${i}`) ?? 'false';
    names.push(`v${i}`);
    values.push(`v${i} = ${valueIn(field, `f${i}`)};
      const wait${i} = isPromise(v${i});`);
    entries.push(`${name}: ${passThrough} ? v${i} : wait${i} ? undefined : f${i}.complete(v${i}, run)`);
    promised.push(`if (wait${i}) fillLater(result, f${i}, v${i}, run);`);
  }
  const declared = names.length === 0 ? '' : `let ${names.join(', ')};`;
  const body = `return (source, run) => {
    ${declared}
    try {
      ${values.join('\n      ')}
      const result = { ${entries.join(',\n        ')} };
      ${promised.join('\n      ')}
      return result;
    } catch (error) {
      ignore([${names.join(', ')}]);
      throw error;
    }
  };`;
  const fieldNames = compiled.map((_, i) => `f${i}`);
  const used = { isPromise, argumentsOf, fillLater, ignore };
  return new Function(...Object.keys(used), ...fieldNames, body)(...Object.values(used), ...compiled);
}

function valueIn({ definition }: CompiledField, field: string): string {
  if (definition.resolve === undefined) return `source[${JSON.stringify(definition.name)}]`;
  const args = definition.args.length === 0 ? '{}' : `argumentsOf(${field}, run)`;
  return `${field}.definition.resolve(source, ${args}, run.context, ${field}.info)`;
}

function argumentsOf({ number, definition, node }: CompiledField, run: Run): Record<string, unknown> {
  run.args[number] ??= getArgumentValues(definition, node, run.variables);
  return run.args[number]!;
}

function fillLater(
  result: Record<string, unknown>,
  { key, complete }: CompiledField,
  value: Promise<unknown>,
  run: Run,
): void {
  run.wait(value, (settled) => {
    result[key] = complete(settled, run);
  });
}

/** Handles rejections of promises that are no longer awaited, so that they do not terminate the process. */
export function ignore(values: readonly unknown[]): void {
  for (const value of values) if (isPromise(value)) value.then(undefined, () => undefined);
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Promise<unknown>>).then === 'function'
  );
}
