import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cyclesOf, folderOf, importsOf, sourcesOf } from '../support/imports.ts';

/** Each folder may import from itself and from the lines above it. Folders on the same line must not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['time'],
  ['fields', 'format', 'relay'],
  ['access', 'filter', 'ui'],
  ['state'],
  ['groups'],
  // The parts of the page.
  [
    'detail',
    'errors-view',
    'facets',
    'filter-bar',
    'graphql-dialog',
    'histogram',
    'limits',
    'saved-views',
    'sign-in',
    'slow-view',
    'table',
    'time-picker',
  ],
  ['shell'],
  ['style', '.'],
];
/** The declaration of the fields of a log: data without imports. */
const FIELDS = '../../src/log/fields.ts';

const ROOT = join(import.meta.dirname, '../../web/src');
const FILES = sourcesOf(ROOT);
const IMPORTS = importsOf(ROOT, FILES).filter(({ to }) => !to.startsWith('__generated__/'));

const layerOf = (file: string) => LAYERS.findIndex((folders) => folders.includes(folderOf(file)));

it('every folder has a layer', () => {
  expect(FILES.filter((file) => layerOf(file) === -1)).toEqual([]);
  expect(IMPORTS.length).toBeGreaterThan(400);
});

it('imports point only to lower layers', () => {
  const violations = IMPORTS.filter(({ from, to }) => {
    if (to.startsWith('..')) return to !== FIELDS;
    return folderOf(from) !== folderOf(to) && layerOf(to) >= layerOf(from) && folderOf(from) !== '.';
  });
  expect(violations).toEqual([]);
});

it('the fields of a log import nothing', () => {
  expect(importsOf(join(ROOT, '../../src'), ['log/fields.ts'])).toEqual([]);
});

it('no imports form a cycle', () => {
  expect(cyclesOf(FILES, IMPORTS)).toEqual([]);
});
