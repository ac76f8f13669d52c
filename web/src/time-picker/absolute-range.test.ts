import { describe, expect, it } from 'vitest';
import { readRange, typedRangeOf } from './absolute-range.ts';

const at = (time: string) => Date.parse(time);
const BERLIN = 'Europe/Berlin';
const initial = { from: at('2026-10-25T01:30:20Z'), to: at('2026-10-25T12:00:40Z') };

describe('readRange', () => {
  it('reads times in the zone', () => {
    expect(readRange({ from: '2026-11-28T14:05', to: '2026-11-28T15:10' }, initial, 'Asia/Kolkata')).toEqual({
      from: at('2026-11-28T08:35Z'),
      to: at('2026-11-28T09:40Z'),
    });
  });

  it('keeps a time that was not changed, though it is the second one that the clock shows', () => {
    const typed = typedRangeOf(initial, BERLIN);
    expect(typed).toEqual({ from: '2026-10-25T02:30', to: '2026-10-25T13:00' });
    expect(readRange(typed, initial, BERLIN)).toEqual(initial);
  });

  it('covers a repeated hour', () => {
    expect(readRange({ from: '2026-10-25T02:15', to: '2026-10-25T02:45' }, initial, BERLIN)).toEqual({
      from: at('2026-10-25T00:15Z'),
      to: at('2026-10-25T01:45Z'),
    });
  });

  it.each([
    ['2026-11-28T14:05', '2026-11-28T14:04', { to: 'The end is before the start.' }],
    ['2026-11-28T14:05', '2026-11-28T14:05', { to: 'The end must be after the start.' }],
    ['', '2026-11-28T14:05', { from: 'Enter a date and a time.' }],
    [
      '2026-03-29T02:30',
      '',
      {
        from: 'This time does not exist in Europe/Berlin: the clocks are set forward over it.',
        to: 'Enter a date and a time.',
      },
    ],
  ])('says what is wrong with %j to %j', (from, to, errors) => {
    expect(readRange({ from, to }, initial, BERLIN)).toEqual(errors);
  });
});
