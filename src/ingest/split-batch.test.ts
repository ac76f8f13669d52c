import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchFormat, splitBatch } from './split-batch.ts';

const LIMITS = { maxLogs: 20, maxValues: 1_000 };

/** The text of each log, or why it is none. */
function split(text: string, format: BatchFormat, limits = LIMITS): string[] {
  const bytes = Buffer.from(text);
  return splitBatch(bytes, format, limits).map(
    ({ start, end, problem }) => problem ?? bytes.toString('utf8', start, end),
  );
}

const blanks = fc.stringMatching(/^[ \t\r]{0,3}$/);

describe('the logs of a batch', () => {
  it('are the elements of an array, and the lines that are not blank', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), blanks, (values, blank) => {
        const texts = values.map((value) => JSON.stringify(value));
        const array = `${blank}[${blank}\n${texts.join(`${blank},${blank}`)}${blank}]\n`;
        expect(split(array, 'json').map((text) => JSON.parse(text))).toEqual(JSON.parse(array));
        const lines = texts.map((text) => `${blank}${text}${blank}\n${blank}\n`).join('');
        expect(split(lines, 'ndjson').map((text) => JSON.parse(text))).toEqual(
          texts.map((text) => JSON.parse(text)),
        );
      }),
    );
  });

  it('may follow a byte order mark', () => {
    expect(split('\uFEFF[1]', 'json')).toEqual(['1']);
    expect(split('\uFEFF1\n2', 'ndjson')).toEqual(['1', '2']);
  });

  it.each([
    '',
    ' ',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,]',
    '[1 2]',
    '[1]]',
    '[1]1',
    '[]]',
    '{',
    '{"a":1}}',
    'x',
    '1 2',
    '[nul]',
  ])('a JSON body that is malformed: %j', (text) => {
    expect(() => split(text, 'json')).toThrow('The body is not JSON.');
  });

  it.each(['{}', '1', 'null', ' "[]" '])('a JSON body that is no array: %s', (text) => {
    expect(() => split(text, 'json')).toThrow('must be a JSON array');
  });

  it('are counted while they are read: what follows one too many is not looked at', () => {
    const limits = { ...LIMITS, maxLogs: 2 };
    expect(split('[1,2]', 'json', limits)).toHaveLength(2);
    expect(split('1\n\n2\n', 'ndjson', limits)).toHaveLength(2);
    for (const [text, format] of [
      ['[1,2,3 what', 'json'],
      ['1\n2\n3\nwhat', 'ndjson'],
    ] as const) {
      expect(() => split(text, format, limits)).toThrow('at most 2 logs');
    }
  });

  it('beyond a limit are named, and so is a line that is no JSON; the others are found', () => {
    const many = JSON.stringify(Array.from({ length: LIMITS.maxValues + 1 }, () => '[{'));
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    const named = ['must contain at most 1000 JSON values', 'nested at most 100 levels'].map((reason) =>
      expect.stringContaining(reason),
    );
    expect(split(`[1,${many},${deep},2]`, 'json')).toEqual(['1', ...named, '2']);
    expect(split(`1\n${many}\n${deep}\n2\n{\n3 4`, 'ndjson')).toEqual([
      '1',
      ...named,
      '2',
      'not JSON',
      'not JSON',
    ]);
    const full = JSON.stringify(Array.from({ length: LIMITS.maxValues }, () => 1));
    expect(split(`[${full}]`, 'json')).toEqual([full]);
  });
});
