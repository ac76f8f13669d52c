import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFilter } from '../../test/store/samples.ts';
import { sensitiveFieldOf } from './sensitive.ts';

it('finds a sensitive field anywhere in a filter, and only if there is one', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const written = /"field":"(ipAddress|userAgent)"/.exec(JSON.stringify(filter));
      expect(sensitiveFieldOf(filter) === undefined).toBe(written === null);
    }),
  );
});
