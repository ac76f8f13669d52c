export type SqlValue = string | number | null | Uint8Array;

/** A fragment of SQL with the values of its placeholders, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Template tag: an interpolated `Sql` fragment is inserted as SQL, any other value as a placeholder. */
export function sql(strings: TemplateStringsArray, ...parts: (Sql | SqlValue)[]): Sql {
  let text = strings[0]!;
  const values: SqlValue[] = [];
  parts.forEach((part, i) => {
    if (isSql(part)) {
      text += part.text;
      // Not as arguments of one call: a filter may hold ten thousand values, and the stack not as many.
      for (const value of part.values) values.push(value);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[i + 1];
  });
  return { text, values };
}

function isSql(part: Sql | SqlValue): part is Sql {
  return part !== null && typeof part === 'object' && !(part instanceof Uint8Array);
}

/** Trusted SQL text, such as names and keywords. Never pass user input. */
export function raw(text: string): Sql {
  return { text, values: [] };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map((part) => part.text).join(separator),
    values: parts.flatMap((part) => part.values),
  };
}
