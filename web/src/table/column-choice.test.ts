import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_COLUMNS,
  moveColumn,
  parseColumns,
  serializeColumns,
  toggleColumn,
} from './column-choice.ts';
import { COLUMN_NAMES } from './column-names.ts';

const choice = fc.uniqueArray(fc.constantFrom(...COLUMN_NAMES), { minLength: 1 });

test('a choice of columns survives the URL', () => {
  fc.assert(
    fc.property(choice, (names) => {
      expect(parseColumns(serializeColumns(names))).toEqual(names);
    }),
  );
});

test('unknown names and repetitions are left out; nothing known means the default', () => {
  expect(parseColumns('path,__proto__,path,method')).toEqual(['path', 'method']);
  expect(parseColumns('nothing')).toEqual(DEFAULT_COLUMNS);
  expect(parseColumns(null)).toEqual(DEFAULT_COLUMNS);
  expect(serializeColumns(DEFAULT_COLUMNS)).toBeNull();
});

test('moving a column keeps all of them', () => {
  fc.assert(
    fc.property(choice, fc.nat(), fc.integer({ min: -30, max: 30 }), (names, at, places) => {
      const name = names[at % names.length]!;
      const moved = moveColumn(names, name, places);
      expect(moved.toSorted()).toEqual(names.toSorted());
      const index = names.indexOf(name) + places;
      expect(moved.indexOf(name)).toBe(Math.max(0, Math.min(names.length - 1, index)));
    }),
  );
});

test('the last column stays', () => {
  expect(toggleColumn(['path'], 'path')).toEqual(['path']);
  expect(toggleColumn(['path', 'method'], 'path')).toEqual(['method']);
  expect(toggleColumn(['path'], 'host')).toEqual(['path', 'host']);
});
