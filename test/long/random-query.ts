import fc, { type GeneratorValue } from 'fast-check';
import type { Known } from './random-operation.ts';
import { uniform } from './uniform.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly type?: string; readonly enum?: readonly string[]; readonly format?: string };
}

export interface Operation {
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

/** The GET operations of an OpenAPI document with the declarations of their parameters. */
export function openApiOperations(document: unknown): Operation[] {
  const { paths } = document as { paths: Record<string, { get?: { parameters?: Parameter[] } }> };
  return Object.entries(paths).flatMap(([path, { get }]) =>
    get === undefined ? [] : [{ path, parameters: get.parameters ?? [] }],
  );
}

const TEXTS = [
  '',
  ' ',
  '%00',
  '%ff',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '%25',
  '..%2f..',
  '__proto__',
  "'--",
  '%0d%0aX:1',
  '%',
];
const INTEGERS = [
  '0',
  '1',
  '50',
  '100',
  '101',
  '-1',
  '99',
  '599',
  '600',
  '+5',
  '1e3',
  '2147483648',
  '9'.repeat(400),
  'NaN',
];
const TIMES = [
  '2026-04-18',
  '2026-04-18T11:00:00Z',
  '2026-04-18T11:00:00%2B01:00',
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '0000-01-01',
  'now',
];

/** Path and query of a random call: mostly valid by the document, with occasional errors of every kind. */
export function randomQuery(g: GeneratorValue, { path, parameters }: Operation, known: Known): string {
  const number = (min: number, max: number) => g(uniform, min, max);
  const pick = <T>(all: readonly T[]) => all[number(0, all.length - 1)]!;
  const chance = (percent: number) => number(0, 99) < percent;
  const anything = () => encodeURIComponent(g(fc.string, { unit: 'grapheme', maxLength: 30 }));
  const textOf = () => (chance(50) ? encodeURIComponent(pick(known)) : chance(50) ? pick(TEXTS) : anything());
  const valueFor = ({ name, schema }: Parameter): string => {
    if (chance(8)) return textOf();
    if (schema.enum !== undefined) return pick(schema.enum);
    if (schema.type === 'integer') return chance(70) ? String(number(1, 600)) : pick(INTEGERS);
    if (schema.format !== undefined || /date|from|to$/.test(name)) return pick(TIMES);
    return textOf();
  };
  const pathname = path.replaceAll(/\{\w+\}/g, () => textOf() || '-');
  const used = parameters.filter((parameter) => parameter.in === 'query' && chance(25));
  const pairs = used.map((parameter) => `${parameter.name}=${valueFor(parameter)}`);
  if (chance(4) && pairs.length > 0) pairs.push(pairs[0]!);
  if (chance(4)) pairs.push(`${textOf()}=${textOf()}`);
  if (chance(4)) pairs.push(pick(['limit[]=1', '&&', '=', 'limit', '%', 'q=%', `q=${'x'.repeat(5_000)}`]));
  return pairs.length === 0 ? pathname : `${pathname}?${pairs.join('&')}`;
}
