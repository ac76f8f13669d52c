import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { cyclesOf, folderOf, importsOf, loadedWith, sourcesOf } from './support/imports.ts';

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
const FILES = sourcesOf(ROOT);
const IMPORTS = importsOf(ROOT, FILES);

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
  expect(cyclesOf(FILES, IMPORTS)).toEqual([]);
});

it('a server does not hold the code that only its threads or a demo need', () => {
  const ofThread = loadedWith(ROOT, 'ingest/ingest-worker.ts');
  for (const file of ['ingest/ingest-batch.ts', 'log/redact/body.ts', 'log/redact/card-numbers.ts']) {
    expect(ofThread).toContain(file);
  }
  const loaded = [...loadedWith(ROOT, 'cli/serve.ts')];
  expect(loaded).toContain('rest/ingest/endpoint.ts');
  const expected = ['log/redact/body-options.ts'];
  const found = loaded.filter((file) => /^(?:demo|log\/redact)\/|^ingest\/ingest-batch/.test(file));
  expect(found).toEqual(expected);
});
