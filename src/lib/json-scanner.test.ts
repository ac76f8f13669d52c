import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonLimits, scanJson, skipJson } from './json-scanner.ts';

const NO_LIMITS: JsonLimits = { maxDepth: 1_000, maxValues: 1_000_000 };

function scan(text: string, limits = NO_LIMITS) {
  const bytes = Buffer.from(text);
  return scanJson(bytes, 0, bytes.length, limits);
}

/** Whether the whole text is one value and blanks. */
function accepts(text: string): boolean {
  const { problem, end } = scan(text);
  return problem === null && Buffer.from(text).subarray(end).toString().trim() === '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the JSON scanner accepts what JSON.parse accepts', () => {
  it('for any JSON, whatever a byte of it is changed to', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\u0e+-.tfn 1\t\n\u0001'));
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.array(change, { maxLength: 3 }), (json, changes) => {
        expect(accepts(json)).toBe(true);
        const changed = changes.reduce((text, [at, character]) => {
          const position = at % (text.length + 1);
          return text.slice(0, position) + character + text.slice(position + 1);
        }, json);
        expect({ changed, accepted: accepts(changed) }).toEqual({ changed, accepted: isJson(changed) });
      }),
      { numRuns: 3_000 },
    );
  });

  it('for any short text of its characters', () => {
    const text = fc.array(fc.constantFrom(...'{}[]",:\\u0e+-.', 'true', 'null', '"a"', ' ', '12'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, (parts) => {
        const one = parts.join('');
        expect({ one, accepted: accepts(one) }).toEqual({ one, accepted: isJson(one) });
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ...[
      '',
      ' ',
      '01',
      '-',
      '1.',
      '.5',
      '1e',
      '1e+',
      '-0',
      '1E5',
      'nul',
      'nullx',
      'True',
      '"\\x"',
      '"\\u12g4"',
    ],
    ...[
      '"\\ud800"',
      '"\t"',
      '"\u007f"',
      '"ä€😀"',
      '{"a":1,}',
      '[1,]',
      '[,1]',
      '{"a"}',
      '{a:1}',
      '[}',
      '{]',
      '"',
    ],
    ...['"\\', '"\\u00', '{"a":1 "b":2}', '[1 2]', '{,}', '\u00a0 1', '1 2'],
  ])('%j', (text) => {
    expect(accepts(text)).toBe(isJson(text));
  });
});

it('stops at a limit and at nothing below it', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(scan(nested(5), { ...NO_LIMITS, maxDepth: 5 }).problem).toBeNull();
  expect(scan(nested(6), { ...NO_LIMITS, maxDepth: 5 })).toMatchObject({
    problem: 'depth',
    end: 5,
    depth: 5,
  });
  const five = '{"a":[1,{}],"b":"c"}';
  expect(scan(five, { ...NO_LIMITS, maxValues: 5 }).problem).toBeNull();
  expect(scan(five, { ...NO_LIMITS, maxValues: 4 })).toMatchObject({ problem: 'values', depth: 1 });
});

it('finds the end of a value that it did not finish', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), fc.nat({ max: 5 }), (json, next, maxValues) => {
      const bytes = Buffer.from(`[${json}],${next}`);
      const { problem, end, depth } = scanJson(bytes, 0, bytes.length, { maxDepth: 3, maxValues });
      const found = problem === null ? end : depth === 0 ? null : skipJson(bytes, end, bytes.length, depth);
      expect([null, Buffer.byteLength(`[${json}]`)]).toContain(found);
    }),
  );
  expect(skipJson(Buffer.from('[1'), 1, 2, 1)).toBe(-1);
});
