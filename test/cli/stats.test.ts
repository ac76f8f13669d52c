import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { relaylog, workFolder } from '../support/cli.ts';

describe('relaylog stats', () => {
  const folder = workFolder();
  const run = (...args: string[]) => relaylog(['stats', ...args], { folder });
  const open = () => openStore(`sqlite:${join(folder, 'data/relaylog.db')}`, { inline: true });
  beforeAll(async () => {
    const store = await open();
    const log = { organizationId: 'acme', createdAt: Date.now() - 1_000, durationMs: 10, billedUnits: 1 };
    await store.insert(
      [
        { method: 'GET', statusCode: 200 },
        { method: 'GET', statusCode: 503, durationMs: 20 },
        { method: 'POST', statusCode: 404 },
      ].map((one, i) => recorded(sampleLog({ ...log, requestId: `r${i}`, ...one }))),
    );
    await store.createOrganization({ id: 'acme', plan: 'pro', createdAt: 0 });
    await store.close();
  });

  it('prints the measures of all logs, of the only organization', async () => {
    expect((await run()).out).toBe(
      'LOGS  4XX    5XX    P50 MS  P95 MS  P99 MS  UNITS\n' +
        '3     33.3%  33.3%  10      20      20      3\n',
    );
    expect(JSON.parse((await run('--json')).out)).toMatchObject({
      organizationId: 'acme',
      by: [],
      groups: [],
      other: null,
      all: { count: 3, serverErrorCount: 1, durationMs: { sum: 40, max: 20 } },
    });
  });

  it('prints the first groups of an order, and all others', async () => {
    const groups = await run('--by', 'method', '--order', 'server-error-rate', '--top', '1');
    expect(groups.out).toBe(
      'METHOD   LOGS  4XX     5XX    P50 MS  P95 MS  P99 MS  UNITS\n' +
        'GET      2     0.0%    50.0%  10      20      20      2\n' +
        '(other)  1     100.0%  0.0%   10      10      10      1\n' +
        '(all)    3     33.3%   33.3%  10      20      20      3\n',
    );
  });

  it('names the organizations if there are several', async () => {
    const store = await open();
    await store.createOrganization({ id: 'globex', plan: 'pro', createdAt: 0 });
    await store.close();
    expect(await run()).toMatchObject({
      status: 1,
      err: 'relaylog: Name the organization with --org; available: acme, globex\n',
    });
  });
});
