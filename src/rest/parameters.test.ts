import { expect, it } from 'vitest';
import { integerParameter, parameterReader, parameterValues, textParameter } from './parameters.ts';
import { z } from './zod.ts';

const number = (max: number) =>
  z.object({ n: integerParameter({ min: 1, max, description: '' }).optional() });

it('caches the parsed value of a text for one reader only', () => {
  const [ten, hundred] = [10, 100].map((max) => parameterReader(number(max), { strict: true }));
  expect(hundred!('?n=50')).toEqual({ n: 50 });
  expect(() => ten!('?n=50')).toThrow(`Parameter 'n' must be an integer from 1 to 10.`);
  const { hits } = parameterValues;
  expect(hundred!('?n=50')).toEqual({ n: 50 });
  expect(parameterValues.hits).toBe(hits + 1);
});

it('caches at most a thousand short texts', () => {
  const read = parameterReader(z.object({ t: textParameter('').optional() }), { strict: true });
  for (let i = 0; i < 1_500; i++) expect(read(`?t=${i}`)).toEqual({ t: String(i) });
  expect(parameterValues.size).toBe(1_000);
  const { hits } = parameterValues;
  for (let i = 0; i < 2; i++) read(`?t=${'x'.repeat(41)}`);
  expect(parameterValues.hits).toBe(hits);
});
