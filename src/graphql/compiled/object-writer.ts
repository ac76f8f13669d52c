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
  /** Arguments by the number of their field; the same for each row. */
  readonly args: Record<string, unknown>[] = [];
  readonly #filled = Promise.withResolvers<void>();
  #waiting = 0;

  constructor(context: object, variables: VariableValues) {
    this.context = context;
    this.variables = variables;
    // If a resolver throws at once, nothing waits for the others.
    this.#filled.promise.catch(() => undefined);
  }

  /** Calls `fill` with the value when it is there. `filled` throws the first failure; later ones are dropped. */
  wait(value: Promise<unknown>, fill: (value: unknown) => void): void {
    this.#waiting += 1;
    value.then((settled) => {
      try {
        fill(settled);
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#filled.resolve();
      } catch (error) {
        this.#filled.reject(error);
      }
    }, this.#filled.reject);
  }

  /** Resolves when every promise is settled. */
  async filled(): Promise<void> {
    if (this.#waiting > 0) await this.#filled.promise;
  }
}

/** Turns the value of a resolver, which is no promise, into what the answer holds. @throws BailOut */
export type Complete = (value: unknown, run: Run) => unknown;

export interface CompiledField {
  /** Name in the answer. */
  readonly key: string;
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Its place in `Run.args`. */
  readonly number: number;
  readonly info: GraphQLResolveInfo;
  readonly complete: Complete;
}

/** Values of a scalar that are answered as they are; any other is completed. */
const AS_IT_IS: Readonly<Record<string, (value: string) => string>> = {
  String: (value) => `typeof ${value} === 'string'`,
  ID: (value) => `typeof ${value} === 'string'`,
  Boolean: (value) => `typeof ${value} === 'boolean'`,
  SafeInt: (value) => `Number.isSafeInteger(${value})`,
  Int: (value) => `(${value} | 0) === ${value}`,
};

/**
 * A function that makes the object of a selection. It is generated: as one object literal, its rows have one shape, and
 * a plain field is one read. A value that is a promise is filled in when it resolves.
 *
 * @param fields in the order of the answer; a text is the answer itself.
 */
export function objectWriter(fields: ReadonlyMap<string, CompiledField | string>): Complete {
  const names: string[] = [];
  const values: string[] = [];
  const entries: string[] = [];
  const late: string[] = [];
  const compiled: CompiledField[] = [];
  for (const [key, field] of fields) {
    // `__proto__` as a literal key would set the prototype; any other name is faster as a literal.
    const name = key === '__proto__' ? '["__proto__"]' : JSON.stringify(key);
    if (typeof field === 'string') {
      entries.push(`${name}: ${JSON.stringify(field)}`);
      continue;
    }
    const i = compiled.push(field) - 1;
    const asItIs = AS_IT_IS[String(getNullableType(field.definition.type))]?.(`v${i}`) ?? 'false';
    names.push(`v${i}`);
    values.push(`v${i} = ${valueIn(field, `f${i}`)};
      const wait${i} = isPromise(v${i});`);
    entries.push(`${name}: ${asItIs} ? v${i} : wait${i} ? undefined : f${i}.complete(v${i}, run)`);
    late.push(`if (wait${i}) fillLater(result, f${i}, v${i}, run);`);
  }
  const declared = names.length === 0 ? '' : `let ${names.join(', ')};`;
  const body = `return (source, run) => {
    ${declared}
    try {
      ${values.join('\n      ')}
      const result = { ${entries.join(',\n        ')} };
      ${late.join('\n      ')}
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

/** Nothing waits for these any more: a rejection must not end the process. */
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
