import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/time-units.ts';
import { openStore } from '../../src/store/open-store.ts';
import { relaylog, serving, workFolder } from '../support/cli.ts';

/** Creates a store with logs of these ages in days, in an organization on the free plan. Returns its folder. */
async function stored(ages: readonly number[]): Promise<string> {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme'], { folder });
  const lines = ages.map((age, i) =>
    JSON.stringify({
      createdAt: Date.now() - age * DAY_MS,
      requestId: `r${i}`,
      method: 'GET',
      path: '/x',
      statusCode: 200,
      responseBody: { a: 1 },
    }),
  );
  await relaylog(['import', '-', '--org', 'acme', '--format', 'ndjson'], { folder, input: lines.join('\n') });
  return folder;
}

describe('relaylog purge', () => {
  it('reports what it would delete, deletes it, and then finds nothing more', async () => {
    const folder = await stored([1, 8, 15, 30, 400]);
    const purge = async (...args: string[]) =>
      JSON.parse((await relaylog(['purge', '--json', ...args], { folder })).out);
    const three = { organizationId: 'acme', before: expect.any(Number), logs: 3 };
    expect(await purge('--dry-run')).toEqual({ dryRun: true, graceDays: 7, organizations: [three] });
    expect(await purge('--dry-run', '--grace', '100')).toMatchObject({ organizations: [{ logs: 1 }] });
    expect((await relaylog(['purge', '--dry-run', '--grace', '0'], { folder })).out).toMatch(
      /^acme: 4 logs from before 2\S+ would be deleted\n$/,
    );
    expect(await purge()).toEqual({ dryRun: false, graceDays: 7, organizations: [three] });
    expect(await purge('--dry-run')).toMatchObject({ organizations: [] });
    expect((await relaylog(['purge'], { folder })).out).toBe('There is nothing to delete.\n');
    expect(await purge('--grace', '0')).toMatchObject({ organizations: [{ logs: 1 }] });
  });

  it('reports that another process is purging', async () => {
    const folder = await stored([400]);
    const store = await openStore(`sqlite:${join(folder, 'data/relaylog.db')}`, { inline: true });
    await store.lease('purge', 'another', Date.now() + 60_000, Date.now());
    expect(await relaylog(['purge'], { folder })).toMatchObject({
      status: 1,
      err: 'relaylog: Another process is purging; try again when it has finished\n',
    });
    await store.close();
  });

  it.each(['-1', 'x', '1.5'])('rejects a grace period of %s', async (grace) => {
    const { status, err } = await relaylog(['purge', `--grace=${grace}`], { folder: workFolder() });
    expect([status, err]).toEqual([1, expect.stringContaining('--grace must be an integer number of days')]);
  });
});

it('a server purges periodically only if it is configured to', async () => {
  const folder = await stored([1, 400]);
  const left = async () =>
    JSON.parse((await relaylog(['purge', '--dry-run', '--json'], { folder })).out).organizations.length;
  await (await serving({ folder })).stop();
  expect(await left()).toBe(1);
  const server = await serving({ folder, environment: { RELAYLOG_PURGE_INTERVAL_SECONDS: '3600' } });
  await expect.poll(left, { timeout: 30_000 }).toBe(0);
  const { status, err } = await server.stop();
  expect(status).toBe(0);
  expect(err).toContain('"purged":[{"organizationId":"acme"');
});
