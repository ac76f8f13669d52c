import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { relaylog, serving, workFolder } from '../support/cli.ts';

it('the server and the commands read the URL of the store from a file', async () => {
  const folder = workFolder();
  const file = join(folder, 'store_url');
  writeFileSync(file, 'sqlite:./own.db\n');
  const environment = { RELAYLOG_STORE_URL_FILE: file };
  const server = await serving({ folder, environment, demo: false });
  expect(server.out).toContain('own.db');
  // The variable is known: no warning.
  expect((await server.stop()).err).toBe('');
  expect(await relaylog(['orgs', 'create', 'acme'], { folder, environment })).toMatchObject({ status: 0 });
});

it.each([['serve'], ['orgs', 'list']])(
  '%s with a file that is not there ends with one line',
  async (...args) => {
    const environment = { RELAYLOG_STORE_URL_FILE: '/nowhere/store_url' };
    expect(await relaylog(args, { folder: workFolder(), environment })).toEqual({
      status: 1,
      out: '',
      err: 'relaylog: The configuration is invalid.\n  RELAYLOG_STORE_URL_FILE names "/nowhere/store_url", which cannot be read (ENOENT)\n',
    });
  },
);

it('copy reads URLs from files, so that no password is among its arguments', async () => {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme'], { folder });
  writeFileSync(join(folder, 'target'), 'sqlite:./copy.db');
  const copy = (to: string) =>
    relaylog(['copy', '--from', 'sqlite:./data/relaylog.db', '--to', to], { folder });
  expect(await copy('@target')).toMatchObject({ status: 0, out: expect.stringContaining('acme: 0 logs') });
  expect(await copy('@nothing')).toMatchObject({
    status: 1,
    err: 'relaylog: --to names "nothing", which cannot be read (ENOENT)\n',
  });
});
