import { expect, test } from 'vitest';
import { traceUrl } from './trace-url.ts';

test('the id is encoded, wherever the template has it', () => {
  expect(traceUrl('https://traces.example/{traceId}?id={traceId}', 'a/$&b')).toBe(
    'https://traces.example/a%2F%24%26b?id=a%2F%24%26b',
  );
});

test('only addresses of the web are links', () => {
  expect(traceUrl('javascript:alert({traceId})', '1')).toBeNull();
  expect(traceUrl('{traceId}', 'https://evil.example')).toBeNull();
  expect(traceUrl(null, '1')).toBeNull();
  expect(traceUrl('https://traces.example/{traceId}', null)).toBeNull();
});
