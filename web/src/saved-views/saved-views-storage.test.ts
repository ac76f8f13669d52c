import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseViews, withoutView, withView } from './saved-views-storage.ts';

const view = fc.record({ name: fc.string(), search: fc.string() });

test('whatever storage contains, the result is a list of views', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(null)), (text) => {
      for (const { name, search } of parseViews(text)) {
        expect(typeof name).toBe('string');
        expect(typeof search).toBe('string');
      }
    }),
  );
});

test('views are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(view), (views) => {
      expect(parseViews(JSON.stringify(views))).toEqual(views);
    }),
  );
});

test('broken items are left out', () => {
  expect(parseViews('[null, 1, {"name": "a"}, {"name": "b", "search": "q=1", "more": 1}]')).toEqual([
    { name: 'b', search: 'q=1' },
  ]);
});

test('a view replaces the one of its name, and can be deleted', () => {
  fc.assert(
    fc.property(fc.uniqueArray(view, { selector: ({ name }) => name }), view, (views, added) => {
      const all = withView(views, added);
      expect(all.filter(({ name }) => name === added.name)).toEqual([added]);
      expect(new Set(withoutView(all, added.name))).toEqual(new Set(withoutView(views, added.name)));
    }),
  );
});
