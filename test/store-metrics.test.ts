import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RelaylogError } from '../src/log/errors.ts';
import type { Store } from '../src/store/store.ts';
import { testApp } from './support/app.ts';
import { serving, workFolder } from './support/cli.ts';
import { wrapStore } from './support/wrap-store.ts';

it('relaylog_store_up is 1 while the store answers, and 0 while it does not', async () => {
  const broken: Partial<Store> = {};
  const app = await testApp({}, (store) => wrapStore(store, () => undefined, broken));
  const scrape = async () => (await app.request('/metrics')).text();
  expect(await scrape()).toContain('\nrelaylog_store_up 1\n');
  broken.ping = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'away'));
  expect(await scrape()).toContain('\nrelaylog_store_up 0\n');
  delete broken.ping;
  expect(await scrape()).toContain('\nrelaylog_store_up 1\n');
  await app.close();
});

it('relaylog_purges_total counts purges that were done and that failed', async () => {
  const folder = workFolder();
  const server = await serving({ folder, environment: { RELAYLOG_PURGE_INTERVAL_SECONDS: '1' } });
  const scrape = async () => (await fetch(`${server.url}/metrics`)).text();
  await expect.poll(scrape, { timeout: 20_000 }).toMatch(/^relaylog_purges_total{result="done"} [1-9]/m);
  expect(await scrape()).toContain('relaylog_purges_total{result="failed"} 0\n');
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `data/relaylog.db${end}`));
  await expect.poll(scrape, { timeout: 20_000 }).toMatch(/^relaylog_purges_total{result="failed"} [1-9]/m);
  expect(await scrape()).toContain('relaylog_store_up 0\n');
  await server.stop();
});
