import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFilter } from '../../test/store/samples.ts';
import { sensitiveFieldOf } from './sensitive.ts';

it('finds a sensitive field wherever a filter holds one, and nowhere else', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const written = /"field":"(ipAddress|userAgent)"/.exec(JSON.stringify(filter));
      expect(sensitiveFieldOf(filter) === undefined).toBe(written === null);
    }),
  );
});
