import { expect, it } from 'vitest';
import { siblingModule } from './sibling-module.ts';

it.each([
  ['file:///app/src/store/open.ts', 'file:///app/src/store/threads/reader.ts'],
  ['file:///app/dist/store/open.js', 'file:///app/dist/store/threads/reader.js'],
])('beside %s it is %s', (importer, expected) => {
  expect(siblingModule('./threads/reader.ts', importer).href).toBe(expected);
});
