/** A piece of SQL with the values of its placeholders, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}

/** Joins pieces and values into one: in the template, a piece stays SQL and any other value becomes a placeholder. */
export function sql(strings: TemplateStringsArray, ...parts: (Sql | string | number | null)[]): Sql {
  let text = strings[0]!;
  const values: (string | number | null)[] = [];
  parts.forEach((part, i) => {
    if (part !== null && typeof part === 'object') {
      text += part.text;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[i + 1];
  });
  return { text, values };
}

/** SQL text of our own making: names, keywords, never input. */
export function raw(text: string): Sql {
  return { text, values: [] };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map((part) => part.text).join(separator),
    values: parts.flatMap((part) => part.values),
  };
}
