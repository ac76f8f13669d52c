import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  OverlappingFieldsCanBeMergedRule,
  parse,
  print,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { trials } from '../../test/support/trials.ts';
import { mergeConflict } from './merge-conflict.ts';

/** Every kind of type, with fields of the same names and other types, so that a random document often conflicts. */
const schema = buildSchema(`
  interface Node { a: Int b: String! n: Node c(x: Int, f: F): Int l: [Node] }
  input F { x: Int y: [Int] f: F }
  type Cat implements Node { a: Int b: String! n: Node c(x: Int, f: F): Int l: [Node] d: Int e: [Int] m: Cat }
  type Dog implements Node { a: Int b: String! n: Node c(x: Int, f: F): Int l: [Node] d: Int! e: [Int!] m: Dog }
  enum E { A B }
  type Cow { a: Int b: String! d: E e: Int m: [Cat] n: Node }
  union Any = Cat | Dog | Cow
  type Query { a: Int b: String! n: Node u: Any m: Query c(x: Int, f: F): Int l: [Node] }
`);
const TYPES = {
  Node: { leaves: ['a', 'b', '__typename'], below: { n: 'Node', l: 'Node' }, args: true },
  Cat: { leaves: ['a', 'b', 'd', 'e', '__typename'], below: { n: 'Node', l: 'Node', m: 'Cat' }, args: true },
  Dog: { leaves: ['a', 'b', 'd', 'e', '__typename'], below: { n: 'Node', l: 'Node', m: 'Dog' }, args: true },
  Cow: { leaves: ['a', 'b', 'd', 'e', '__typename'], below: { m: 'Cat', n: 'Node' }, args: false },
  Any: { leaves: ['__typename'], below: {}, args: false },
  Query: {
    leaves: ['a', 'b', '__typename'],
    below: { n: 'Node', u: 'Any', m: 'Query', l: 'Node' },
    args: true,
  },
} as const;
type TypeName = keyof typeof TYPES;
const OVERLAPS: Readonly<Record<TypeName, readonly TypeName[]>> = {
  Node: ['Node', 'Cat', 'Dog', 'Any'],
  Cat: ['Cat', 'Node', 'Any'],
  Dog: ['Dog', 'Node', 'Any'],
  Cow: ['Cow', 'Any'],
  Any: ['Any', 'Cat', 'Dog', 'Cow', 'Node'],
  Query: ['Query'],
};

/** A random document: fragments may spread only later ones, so that there are no cycles. */
class RandomDocument {
  readonly #choices: readonly number[];
  readonly #fragments: readonly TypeName[];
  #at = 0;

  /** @param choices decide the document; they are used again from the start where they do not suffice. */
  constructor(choices: readonly number[]) {
    this.#choices = choices;
    this.#fragments = Array.from({ length: this.#number(0, 5) }, () =>
      this.#pick(Object.keys(TYPES) as TypeName[]),
    );
  }

  text(): string {
    const operation = `query ($v: Int, $w: Int) ${this.#selection('Query', 0, 0)}`;
    const fragments = this.#fragments.map(
      (type, i) => `fragment F${i} on ${type} ${this.#selection(type, 2, i + 1)}`,
    );
    return [operation, ...fragments].join(' ');
  }

  #selection(type: TypeName, depth: number, from: number): string {
    const parts = Array.from({ length: this.#number(1, 3) }, () => this.#part(type, depth, from));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: TypeName, depth: number, from: number): string {
    const { leaves, below, args } = TYPES[type];
    const kind = this.#number(0, 9);
    if (kind < 2 && depth < 6) {
      const on = this.#pick(OVERLAPS[type]);
      return `... ${on === type && kind === 0 ? '' : `on ${on}`} ${this.#selection(on, depth + 1, from)}`;
    }
    if (kind < 4) {
      const fit = this.#fragments.flatMap((of, i) => (i >= from && OVERLAPS[type].includes(of) ? [i] : []));
      if (fit.length > 0) return `...F${this.#pick(fit)}`;
    }
    const alias = this.#number(0, 9) === 0 ? `${this.#pick(['a', 'b', 'd', 'n', 'm'])}: ` : '';
    const nested = Object.entries(below);
    if (kind < 7 && depth < 5 && nested.length > 0) {
      const [name, of] = this.#pick(nested);
      return `${alias}${name} ${this.#selection(of as TypeName, depth + 1, from)}`;
    }
    if (kind === 7 && args) return `${alias}c${this.#arguments()}`;
    return `${alias}${this.#pick(leaves)}`;
  }

  #arguments(): string {
    return this.#pick([
      '',
      '(x: 1)',
      '(x: 1, f: {x: 1, y: [1, 2]})',
      '(f: {y: [1, 2], x: 1}, x: 1)',
      '(f: {y: [2, 1], x: 1}, x: 1)',
      '(x: $v)',
      '(x: $w)',
      '(f: {f: {x: $v}})',
      '(f: null)',
    ]);
  }

  #number(min: number, max: number): number {
    const choice = this.#choices[this.#at++ % this.#choices.length]!;
    return min + (choice % (max - min + 1));
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#number(0, all.length - 1)]!;
  }
}

const OTHER_RULES = specifiedRules.filter(
  (rule) => rule !== OverlappingFieldsCanBeMergedRule && rule !== NoUnusedVariablesRule,
);

/** The document without the fragments that no operation spreads: another rule rejects them. */
function withoutUnused({ kind, definitions }: DocumentNode): DocumentNode {
  const unused = validate(schema, { kind, definitions }, [NoUnusedFragmentsRule], { maxErrors: 100 });
  const nodes = new Set(unused.flatMap((error) => error.nodes ?? []));
  return { kind, definitions: definitions.filter((node) => !nodes.has(node)) };
}

describe('mergeConflict', () => {
  it('accepts and rejects what OverlappingFieldsCanBeMergedRule of graphql-js does', () => {
    const seen = { accepted: 0, rejected: 0 };
    const choices = fc.array(fc.nat(255), { minLength: 30, maxLength: 300, size: 'max' });
    const property = fc.property(choices, (made) => {
      const document = withoutUnused(parse(new RandomDocument(made).text()));
      expect(validate(schema, document, OTHER_RULES)).toEqual([]);
      const theirs = validate(schema, document, [OverlappingFieldsCanBeMergedRule]);
      const own = mergeConflict(schema, document);
      seen[own === null ? 'accepted' : 'rejected'] += 1;
      expect({ text: print(document), conflicts: own !== null }, theirs[0]?.message ?? own?.message).toEqual({
        text: print(document),
        conflicts: theirs.length > 0,
      });
    });
    fc.assert(property, { numRuns: trials(1_000, 100_000) });
    expect(seen.accepted).toBeGreaterThan(150);
    expect(seen.rejected).toBeGreaterThan(150);
  });

  it('takes as many steps as there are fields; graphql-js compares each pair and aborts', () => {
    const repeated = (count: number) => parse(`{ ${'m { a n { b } } '.repeat(count)} }`);
    expect(mergeConflict(schema, repeated(1_400))).toBeNull();
    const [aborted] = validate(schema, repeated(1_400), [OverlappingFieldsCanBeMergedRule]);
    expect(aborted!.message).toBe('Validation aborted.');
  });

  it('stops where fragments can be merged in exponentially many ways', () => {
    // Which of `n` and `l` was selected in each of the last 12 levels decides which fragments are merged.
    const [levels, memory] = [20, 12];
    const fragment = (level: number, at: number) => {
      const next = (to: number) => (level === levels || to > memory ? 'a' : `...L${level + 1}_${to}`);
      const [start, started] = [at === 0 ? next(0) : '', next(at + 1)];
      return `fragment L${level}_${at} on Node { n { ${start} ${started} } l { ${at === 0 ? start : started} } }`;
    };
    const fragments = Array.from({ length: levels }, (_, level) =>
      Array.from({ length: Math.min(level, memory) + 1 }, (_, at) => fragment(level + 1, at)),
    ).flat();
    const document = parse(`{ n { ...L1_0 } } ${fragments.join(' ')}`);
    expect(validate(schema, document, OTHER_RULES)).toEqual([]);
    expect(() => mergeConflict(schema, document)).toThrow('takes more than 20000 steps');
  });
});
