import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

/** A selection that is written several times in a row, with another alias each time or with none. */
interface Part {
  readonly field: string;
  readonly args: string;
  readonly times: number;
  readonly aliased: boolean;
  readonly inFragments: boolean;
  readonly below: readonly Part[];
}

/** A request by its parts: what the search varies. */
export interface ExpensiveDocument {
  readonly parts: readonly Part[];
  /** Blank lines and operations besides. */
  readonly lines: number;
  readonly operations: number;
  /** Objects and numbers in the variables. */
  readonly objects: number;
  readonly numbers: number;
}

const TIMES = [1, 1, 1, 2, 5, 28, 100, 280, 600, 1_900];
const SIZES = [0, 0, 0, 0, 10, 300, 2_000, 9_000, 50_000];

/** Makes, changes and writes random requests of the schema. */
export class ExpensiveDocuments {
  readonly #random: () => number;

  /** @param random gives 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  any(): ExpensiveDocument {
    return {
      parts: this.#parts(schema.getQueryType()!, 0),
      lines: this.#pick(SIZES),
      operations: this.#pick([1, 1, 1, 2, 50]),
      objects: this.#pick(SIZES),
      numbers: this.#pick(SIZES),
    };
  }

  /** The same but for one thing. */
  changed(of: ExpensiveDocument): ExpensiveDocument {
    const other = this.any();
    switch (this.#below(8)) {
      case 0:
        return { ...of, lines: other.lines };
      case 1:
        return { ...of, operations: other.operations };
      case 2:
        return { ...of, objects: other.objects };
      case 3:
        return { ...of, numbers: other.numbers };
      default:
        return { ...of, parts: this.#changedParts(of.parts, schema.getQueryType()!, 0) };
    }
  }

  /** @param name makes the text another one than before, which no cache holds. */
  request({ parts, lines, operations, objects, numbers }: ExpensiveDocument, name: string) {
    const fragments: string[] = [];
    const body = written(parts, schema.getQueryType()!, { aliases: 29, tokens: 1_900 }, fragments);
    const others = Array.from({ length: operations - 1 }, (_, i) => `query Other${i} { __typename }`);
    const uses = (variable: string) => [body, ...fragments].some((text) => text.includes(variable));
    const declared = ['$f: RequestLogFilter', '$n: [Int!]'].filter((one) => uses(one.slice(0, 2)));
    const query = [
      `query ${name}${declared.length === 0 ? '' : `(${declared.join()})`} { ${body}${'\n'.repeat(lines)} }`,
      ...fragments,
      ...others,
    ];
    const variables = {
      f: objects === 0 ? {} : { or: Array.from({ length: objects }, () => ({})) },
      n: Array.from({ length: numbers }, (_, i) => i),
    };
    return { query: query.join(' '), variables, operationName: name };
  }

  #parts(type: GraphQLOutputType, depth: number): readonly Part[] {
    return Array.from({ length: 1 + this.#below(3) }, () => this.#part(type, depth));
  }

  #part(type: GraphQLOutputType, depth: number): Part {
    const named = getNamedType(type);
    const fields = fieldsOf(named);
    const field = this.#pick([
      '__typename',
      ...Object.keys(fields),
      ...(this.#below(40) === 0 ? ['nonsense'] : []),
    ]);
    const definition = fields[field];
    const isNested = definition !== undefined && isCompositeType(getNamedType(definition.type)) && depth < 9;
    return {
      field,
      args: definition === undefined ? '' : this.#args(definition.args),
      times: this.#pick(TIMES),
      aliased: this.#below(3) === 0,
      inFragments: this.#below(4) === 0,
      below: isNested ? this.#parts(definition.type, depth + 1) : [],
    };
  }

  #changedParts(parts: readonly Part[], type: GraphQLOutputType, depth: number): readonly Part[] {
    const at = this.#below(parts.length + 1);
    const part = parts[at];
    if (part === undefined) return [...parts, this.#part(type, depth)];
    const change = this.#below(6);
    if (change === 0 && parts.length > 1) return parts.toSpliced(at, 1);
    if (change === 1) return parts.with(at, this.#part(type, depth));
    if (change === 2) return parts.with(at, { ...part, times: this.#pick(TIMES) });
    if (change === 3) return parts.with(at, { ...part, aliased: !part.aliased });
    if (change === 4) return parts.with(at, { ...part, inFragments: !part.inFragments });
    const definition = fieldsOf(getNamedType(type))[part.field];
    if (definition === undefined || part.below.length === 0) return parts.with(at, this.#part(type, depth));
    return parts.with(at, { ...part, below: this.#changedParts(part.below, definition.type, depth + 1) });
  }

  #args(args: readonly GraphQLArgument[]): string {
    const given = args.filter(({ type }) => String(type).endsWith('!') || this.#below(2) === 0);
    if (given.length === 0) return '';
    return `(${given.map(({ name, type }) => `${name}: ${this.#value(type, 0)}`).join(' ')})`;
  }

  #value(type: GraphQLInputType, depth: number): string {
    const bare = getNullableType(type);
    const text = String(bare);
    if (text === 'RequestLogFilter' && this.#below(3) === 0) return '$f';
    if (text === '[Int!]' && this.#below(3) === 0) return '$n';
    if (isListType(bare)) {
      const length = depth > 3 ? 1 : this.#pick([0, 1, 10, 100, 400]);
      return `[${Array.from({ length }, () => this.#value(bare.ofType, depth + 2)).join(' ')}]`;
    }
    if (isInputObjectType(bare)) {
      const fields = Object.values(bare.getFields());
      const some = fields.filter((field) => String(field.type).endsWith('!'));
      if (depth < 8) some.push(...Array.from({ length: 1 + this.#below(2) }, () => this.#pick(fields)));
      return `{${[...new Set(some)].map((field) => `${field.name}: ${this.#value(field.type, depth + 1)}`).join(' ')}}`;
    }
    if (text === 'Int' || text === 'SafeInt') return this.#pick(['1', '100', '7', '200']);
    if (text === 'Boolean') return this.#pick(['true', 'false']);
    if (text === 'DateTime') return '"2026-04-18T00:00:00Z"';
    if (text === 'RequestLogOutcome') return 'SUCCESS';
    if (text === 'RequestLogSortField') return this.#pick(['CREATED_AT', 'DURATION_MS']);
    if (text === 'SortDirection') return 'DESC';
    return this.#pick(['"GET"', '"x"', '"RequestLog"', '"__Type"', `"${'x'.repeat(1_000)}"`]);
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#below(all.length)]!;
  }
}

function fieldsOf(
  type: ReturnType<typeof getNamedType>,
): Readonly<Record<string, GraphQLField<unknown, unknown>>> {
  if (isAbstractType(type)) return schema.getPossibleTypes(type)[0]!.getFields();
  if (!isObjectType(type)) return {};
  if (type !== schema.getQueryType()) return type.getFields();
  return {
    ...type.getFields(),
    __schema: schema.getField(type, '__schema')!,
    __type: schema.getField(type, '__type')!,
  };
}

/** How many tokens a text has, about. */
function tokensIn(text: string): number {
  return text.match(/\w+|[^\s\w]/g)?.length ?? 0;
}

/** Aliases are 29 at most, as the limit is 30; parts are repeated no more often than the limit of tokens allows. */
function written(
  parts: readonly Part[],
  type: GraphQLOutputType,
  left: { aliases: number; tokens: number },
  fragments: string[],
): string {
  const named = getNamedType(type);
  const on = isAbstractType(named) ? schema.getPossibleTypes(named)[0]! : named;
  const texts = parts.flatMap(({ field, args, times, aliased, inFragments, below }) => {
    const definition = fieldsOf(named)[field];
    const nested =
      below.length === 0 || definition === undefined
        ? ''
        : `{${written(below, definition.type, left, fragments)}}`;
    const size = tokensIn(`${field}${args}${nested}`) + (inFragments ? 9 : aliased ? 2 : 0);
    left.tokens -= size;
    const more = Math.min(times - 1, Math.floor(left.tokens / size), aliased ? left.aliases : 2_000);
    left.tokens -= Math.max(0, more) * size;
    return Array.from({ length: 1 + Math.max(0, more) }, () => {
      const alias = aliased && left.aliases > 0 ? `a${left.aliases--}: ` : '';
      const text = `${alias}${field}${args}${nested}`;
      if (!inFragments) return text;
      fragments.push(`fragment F${fragments.length} on ${on.name} {${text}}`);
      return `...F${fragments.length - 1}`;
    });
  });
  const all = texts.join(' ');
  return on === named ? all : `...on ${on.name}{${all}}`;
}
