import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { occurrencesInMemory } from '../src/ingest/occurrences.ts';
import { prepare } from '../src/ingest/prepare.ts';
import { redactors } from '../src/log/redact/redactor.ts';
import { TextSearch, workFor } from '../src/log/redact/text.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { CORE } from './support/planted-secrets.ts';
import { logsThatLeak, plantedLog } from './support/stored-secrets.ts';
import { trials } from './support/trials.ts';

/* Secrets under promised names, in bodies of every form and in every text field, sent to the ingest endpoint. */
describe('a planted secret', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    // Short, so that many a secret stands where its body is cut.
    app = await testApp({ RELAYLOG_MAX_RECORDED_BODY_BYTES: '600' });
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  it.each([600, 65_536])('is not in what is stored, with bodies of %i bytes', (limit) => {
    const options = {
      organizationId: 'acme',
      now: TEST_NOW,
      occurrences: occurrencesInMemory(),
    };
    const newRedactor = redactors({ names: [], limit, unknownBodies: 'omit' });
    fc.assert(
      fc.property(plantedLog, (log) => {
        const prepared = prepare(JSON.parse(JSON.stringify(log)), { ...options, redactor: newRedactor() });
        expect(prepared.ok).toBe(true);
        expect(CORE.exec(JSON.stringify(prepared))?.[0]).toBeUndefined();
      }),
      { numRuns: trials(1_000, 100_000) },
    );
  });

  it('is not in what is stored, however little work its search may cost', () => {
    const start = TextSearch.prototype.start;
    let share = 1;
    const limited = vi.spyOn(TextSearch.prototype, 'start').mockImplementation(function (
      this: TextSearch,
      length,
    ) {
      start.call(this, length);
      this.spend((1 - share) * workFor(length));
    });
    const options = {
      organizationId: 'acme',
      now: TEST_NOW,
      occurrences: occurrencesInMemory(),
    };
    const newRedactor = redactors({ names: [], limit: 600, unknownBodies: 'omit' });
    try {
      fc.assert(
        fc.property(plantedLog, fc.double({ min: 0, max: 1, noNaN: true }), (log, part) => {
          share = part ** 2;
          const prepared = prepare(JSON.parse(JSON.stringify(log)), { ...options, redactor: newRedactor() });
          expect(CORE.exec(JSON.stringify(prepared))?.[0]).toBeUndefined();
        }),
        { numRuns: trials(3_000, 100_000) },
      );
    } finally {
      limited.mockRestore();
    }
  });

  it('is not in the bytes of the database file', async () => {
    const logs = fc.sample(plantedLog, trials(1_000, 20_000));
    for (let i = 0; i < logs.length; i += 500) {
      const response = await app.post(key, logs.slice(i, i + 500), {}, '/ingest/v1/request-logs');
      expect(await response.json()).toMatchObject({ stored: Math.min(500, logs.length - i), rejected: [] });
    }
    const folder = dirname(app.config.RELAYLOG_STORE_URL.replace('sqlite:', ''));
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
    expect(files.join('').length).toBeGreaterThan(logs.length * 100);
    expect(logsThatLeak(logs, files.join('\n'))).toEqual([]);
  });
});
