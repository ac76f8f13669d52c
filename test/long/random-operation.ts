import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';
import { uniform } from './uniform.ts';

/** Strings that exist as values: ids, cursors, methods, paths. */
export type Known = readonly string[];

const MAX_DEPTH = 6;
const NASTY = [
  '',
  ' ',
  '%',
  '_',
  '.*',
  '\0',
  '\u{1F600}',
  '\ud800',
  'req_',
  '__proto__',
  "'; DROP",
  '\\',
  '{',
  '-1',
];

/** A random operation of the schema: mostly valid, with occasional errors of every kind. */
export class RandomOperation {
  readonly #g: GeneratorValue;
  readonly #known: Known;

  constructor(g: GeneratorValue, known: Known) {
    this.#g = g;
    this.#known = known;
  }

  text(): string {
    const query = this.#selection(schema.getQueryType()!, 0);
    const name = this.#chance(30) ? ` ${this.#pick(['A', 'b', '_', '__x', 'on', 'true'])}` : '';
    const document = `${this.#chance(97) ? 'query' : this.#pick(['mutation', 'subscription', 'fragment', ''])}${name} ${query}`;
    return this.#chance(4) ? this.#damaged(document) : document;
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    if (isAbstractType(named)) {
      const [possible] = schema.getPossibleTypes(named);
      return `{ __typename ... on ${possible!.name} ${this.#selection(possible!, depth + 1)} }`;
    }
    if (!isObjectType(named)) return this.#chance(2) ? '{ x }' : '';
    const all = Object.values(named.getFields());
    const count = this.#number(1, depth > MAX_DEPTH ? 1 : 4);
    const fields = Array.from({ length: count }, (_, i) => {
      if (this.#chance(1))
        return this.#pick(['nonsense', '__typename', '__schema { types { name } }', '...Missing']);
      const flat = all.filter((field) => !isObjectType(getNamedType(field.type)));
      const field = this.#pick(depth > MAX_DEPTH && flat.length > 0 ? flat : all);
      if (depth > MAX_DEPTH + 3) return '__typename';
      const alias = this.#chance(95) ? `a${i}: ` : '';
      const directive = this.#chance(5)
        ? ` @${this.#pick(['skip', 'include', 'nonsense'])}(if: ${this.#pick(['true', 'false', '1'])})`
        : '';
      return `${alias}${field.name}${this.#args(field.args)}${directive} ${this.#selection(field.type, depth + 1)}`;
    });
    return `{ ${fields.join(' ')} }`;
  }

  #args(args: readonly GraphQLArgument[]): string {
    const used = args.filter(({ type }) => (isNonNullType(type) ? !this.#chance(1) : this.#chance(25)));
    if (used.length === 0) return '';
    return `(${used.map(({ name, type }) => `${name}: ${this.#value(type, 0)}`).join(' ')})`;
  }

  #value(type: GraphQLInputType, depth: number): string {
    if (this.#chance(4))
      return this.#pick(['null', '$missing', '{}', '[]', '0', '1e400', 'NONSENSE', '"text"', 'true']);
    const plain = getNullableType(type);
    if (isListType(plain)) {
      const count = depth > MAX_DEPTH ? 0 : this.#number(0, 3);
      return `[${Array.from({ length: count }, () => this.#value(plain.ofType, depth + 1)).join(' ')}]`;
    }
    if (isInputObjectType(plain)) {
      const fields = Object.values(plain.getFields());
      const count = this.#number(0, depth > MAX_DEPTH ? 0 : 3);
      const chosen = new Set(Array.from({ length: count }, () => this.#pick(fields)));
      for (const field of fields) if (isNonNullType(field.type)) chosen.add(field);
      return `{${[...chosen].map((field) => `${field.name}: ${this.#value(field.type, depth + 1)}`).join(' ')}}`;
    }
    if (isEnumType(plain)) return this.#pick(plain.getValues()).name;
    return this.#scalar(plain.name);
  }

  #scalar(name: string): string {
    if (name === 'Int')
      return String(this.#pick([1, 2, 3, 5, 50, 100, 101, 404, this.#number(-9, 999), this.#number(1, 100)]));
    if (name === 'Float') return this.#pick(['0', '-0.5', '1e300']);
    if (name === 'Boolean') return this.#pick(['true', 'false']);
    if (name === 'DateTime') {
      return JSON.stringify(
        this.#pick([
          '2026-04-18T00:00:00Z',
          '2026-04-18T11:59:00.123Z',
          '9999-12-31T23:59:59Z',
          '0001-01-01T00:00:00+14:00',
          'now',
          '',
        ]),
      );
    }
    const text = this.#chance(50)
      ? this.#pick(this.#known)
      : this.#chance(50)
        ? this.#pick(NASTY)
        : this.#g(fc.string, { unit: 'binary', maxLength: 20 });
    return JSON.stringify(text);
  }

  #damaged(text: string): string {
    const at = this.#number(0, text.length);
    const inserted = this.#pick(['{', '}', '(', '"', '"""', '\0', '$', '@', '#', '...', '\ufeff']);
    return text.slice(0, at) + (this.#chance(50) ? inserted : '') + text.slice(at + this.#number(0, 3));
  }

  #chance(percent: number): boolean {
    return this.#number(0, 99) < percent;
  }

  #number(min: number, max: number): number {
    return this.#g(uniform, min, max);
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#number(0, all.length - 1)]!;
  }
}
