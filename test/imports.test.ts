import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, it } from 'vitest';

/** Each folder may import from itself and from the lines above it. Folders on the same line must not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['lib'],
  ['log'],
  ['stats', 'usage'],
  ['store'],
  ['config', 'telemetry'],
  ['limits', 'retention'],
  ['background'],
  ['access'],
  ['ingest'],
  ['http'],
  ['graphql', 'rest'],
  // The app itself, the demo data and the commands.
  ['.', 'demo', 'cli'],
];
/** Within `store`, an engine may import the interface but no other engine. */
const ENGINES = ['store/sqlite', 'store/mongo'];

const ROOT = join(import.meta.dirname, '../src');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(ts|js)$/.test(file) && !file.endsWith('.test.ts'),
);

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORTS: readonly Import[] = FILES.flatMap((from) => {
  const source = readFileSync(join(ROOT, from), 'utf8');
  const specifiers = source.matchAll(/(?:from |import\(|import |URL\(|siblingModule\()'(\.[^']+)'/g);
  return [...specifiers].map(([, to]) => ({ from, to: normalize(join(dirname(from), to!)) }));
});

const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : '.');
const layerOf = (file: string) => LAYERS.findIndex((folders) => folders.includes(folderOf(file)));

it('every folder has a layer', () => {
  expect(FILES.filter((file) => layerOf(file) === -1)).toEqual([]);
  expect(IMPORTS.length).toBeGreaterThan(500);
});

it('imports point only to lower layers', () => {
  const violations = IMPORTS.filter(({ from, to }) => {
    if (to.startsWith('..')) return !relative('..', to).endsWith('package.json');
    if (folderOf(from) === folderOf(to)) return false;
    return layerOf(to) >= layerOf(from) && layerOf(from) < LAYERS.length - 1;
  });
  expect(violations).toEqual([]);
});

it('no engine imports another one', () => {
  const across = IMPORTS.filter(({ from, to }) =>
    ENGINES.some(
      (own) => from.startsWith(own) && ENGINES.some((other) => other !== own && to.startsWith(other)),
    ),
  );
  expect(across).toEqual([]);
});

it('no imports form a cycle', () => {
  const targets = Map.groupBy(IMPORTS, ({ from }) => from);
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of FILES) visit(file, []);
  expect(cycles).toEqual([]);
});
