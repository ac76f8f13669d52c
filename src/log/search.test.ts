import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { matches } from '../../test/store/matches.ts';
import { sampleLog } from '../../test/store/samples.ts';
import { foldCase } from '../lib/fold-case.ts';
import { formatRequestId } from './request-id.ts';
import { requestIdContains, requestIdStartsWith, searchFilter } from './search.ts';

const text = fc.string({ unit: fc.constantFrom('r', 'e', 'q', '_', 'R', 'Q', 'a', '%', '/'), maxLength: 6 });

it('finds request ids by their shown form, although the prefix is not stored', () => {
  fc.assert(
    fc.property(text, text, text, (requestId, path, part) => {
      const log = sampleLog({ requestId, path });
      const shown = foldCase(formatRequestId(requestId));
      const folded = foldCase(part);
      expect(matches(requestIdContains(part), log)).toBe(shown.includes(folded));
      expect(matches(requestIdStartsWith(part), log)).toBe(shown.startsWith(folded));
      expect(matches(searchFilter(part), log)).toBe(
        shown.includes(folded) || foldCase(path).includes(folded),
      );
    }),
    { numRuns: 2000 },
  );
});
