import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, redactor, SECRET_NAMES } from './redact.ts';
import type { Json } from './request-log.ts';

const { url, json } = redactor(['X-Internal']);

describe('redaction', () => {
  it.each([
    ['/a?token=x', '/a?token=[REDACTED]'],
    ['/a?TOKEN=x&b=1', '/a?TOKEN=[REDACTED]&b=1'],
    ['/a?b=1&api-key=x;client_secret=y', '/a?b=1&api-key=[REDACTED];client_secret=[REDACTED]'],
    ['/a?%74oken=x', '/a?%74oken=[REDACTED]'],
    ['/a?x-internal=x', '/a?x-internal=[REDACTED]'],
    ['/a?user[password]=x', '/a?user[password]=x'],
    ['/a?tokens=3', '/a?tokens=3'],
    ['/token=x', '/token=x'],
    ['http://u:p@h/a', 'http://u:[REDACTED]@h/a'],
    ['/a?next=http://u:p@h/', '/a?next=http://u:[REDACTED]@h/'],
    ['/a?token=', '/a?token=[REDACTED]'],
    ['/a?token', '/a?token'],
  ])('of %s', (text, shown) => {
    expect(url(text)).toBe(shown);
  });

  it('reaches every secret name, in any spelling, at any depth', () => {
    const spelled = fc
      .constantFrom(...SECRET_NAMES)
      .chain((name) =>
        fc.constantFrom(name, name.toUpperCase(), name.replaceAll('_', '-'), name.replaceAll(/[-_]/g, '')),
      );
    const wrapped = (inner: Json, path: readonly number[]): Json =>
      path.reduce<Json>(
        (value, kind) => (kind === 0 ? [1, value] : kind === 1 ? { a: value } : JSON.stringify({ b: value })),
        inner,
      );
    fc.assert(
      fc.property(spelled, fc.array(fc.nat({ max: 2 }), { maxLength: 4 }), (name, path) => {
        expect(JSON.stringify(json(wrapped({ [name]: 'S3CRET' }, path)))).not.toContain('S3CRET');
      }),
    );
  });

  it('leaves everything else as it is', () => {
    const value = {
      a: [1, null, true, 'plain text', { b: 'x@y.z' }],
      url: 'https://h/p?q=1',
      ['__proto__']: 1,
    };
    expect(json(value)).toEqual(value);
    expect(json({ password: null })).toEqual({ password: null });
    expect(json({ password: 0 })).toEqual({ password: REDACTED });
  });

  it('takes time in proportion to the text', () => {
    for (const part of ['//', 'a=', '&', '?', '//a:', 'a=b&', '@', '{"a":', ' a=b?']) {
      const before = performance.now();
      json(part.repeat(200_000));
      url(part.repeat(200_000));
      expect([part, performance.now() - before < 5_000]).toEqual([part, true]);
    }
  });
});
