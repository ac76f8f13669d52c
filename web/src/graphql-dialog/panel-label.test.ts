import { expect, test } from 'vitest';
import { panelLabel } from './panel-label.ts';

test('panels have names for people', () => {
  expect(panelLabel('LogTableQuery')).toBe('Rows');
  expect(panelLabel('useHistogramQuery')).toBe('Histogram');
  expect(panelLabel('someOtherThingsQuery')).toBe('Some other things');
});
