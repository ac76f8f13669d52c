import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../test/store/matches.ts';
import { anyLogs } from '../../test/store/samples.ts';
import type { RequestLog } from '../log/request-log.ts';
import { DIMENSION_NAMES, DIMENSIONS, dimensionText } from './dimensions.ts';

const anyText = fc.oneof(
  fc.constantFrom(null, '', 'null', 'NaN', '404', '0404', '4e2', '-0', '4xx', '6xx', '4XX', 'get', 'a', 'A'),
  fc.string(),
);

describe.each(DIMENSION_NAMES)('%s', (name) => {
  const { filterFor, description } = DIMENSIONS[name];
  const textOf = (log: RequestLog) => dimensionText(name, log);

  it('has a filter for each value that matches exactly its logs', () => {
    fc.assert(
      fc.property(anyLogs, anyText, (logs, text) => {
        for (const value of new Set([text, ...logs.map(textOf)])) {
          const filter = filterFor(value);
          for (const log of logs) expect(matches(filter, log)).toBe(textOf(log) === value);
        }
      }),
    );
  });

  it('has a description', () => {
    expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
