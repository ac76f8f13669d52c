import { afterAll, describe, expect, it } from 'vitest';
import { demoLogs } from '../../src/demo/demo-logs.ts';
import { openStore } from '../../src/store/open-store.ts';
import { relaylog, serving, workFolder } from '../support/cli.ts';
import { databaseUrl, testDatabase, withClient } from './servers.ts';

const given = process.env.RELAYLOG_TEST_MONGODB_SECURE_URL;

/* TLS with an authority of its own, and a user whose password has to be percent-encoded. */
if (given === undefined) {
  it('a server with TLS and credentials was not given in RELAYLOG_TEST_MONGODB_SECURE_URL', () => {
    expect(given).toBeUndefined();
  });
} else {
  const database = testDatabase();
  const url = databaseUrl({ url: given }, database);
  const { username, password, host, port } = new URL(url);
  const folder = workFolder();
  const run = (...args: string[]) => relaylog(args, { folder, environment: { RELAYLOG_STORE_URL: url } });

  describe('over TLS, with a user and a password', () => {
    afterAll(() => withClient(given, (client) => client.db(database).dropDatabase()));

    it('the URL is all that it takes', async () => {
      expect(await run('orgs', 'create', 'acme', '--plan', 'archive')).toMatchObject({ status: 0 });
      const { out } = await run('keys', 'create', '--org', 'acme', '--scopes', 'logs:read', '--json');
      const store = await openStore(url);
      await store.insert(demoLogs({ organizationId: 'acme', count: 50, days: 1, now: Date.now() }));
      await store.close();
      const gateway = await serving({ folder, environment: { RELAYLOG_STORE_URL: url } });
      const answer = await fetch(`${gateway.url}/v1/logs?limit=100`, {
        headers: { 'x-api-key': JSON.parse(out).key },
      });
      const { data } = (await answer.json()) as { data: object[] };
      expect(data).toHaveLength(50);
      const { err } = await gateway.stop();
      expectNothingOfTheUrl(err);
    });

    const ca = new URL(url).searchParams.get('tlsCAFile')!;
    it.each([
      ['a wrong password', url.replace(password, 'hunter2'), 'the database refuses the credentials'],
      ['no user', url.replace(`${username}:${password}@`, ''), 'the database grants this user too little'],
      [
        'an authority that is not known',
        url.replace(`&tlsCAFile=${ca}`, ''),
        'the certificate of the database is not accepted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
      ],
      [
        'a name that is not in the certificate',
        url.replace('localhost', '127.0.0.1'),
        'the certificate of the database is not accepted (ERR_TLS_CERT_ALTNAME_INVALID)',
      ],
      ['no TLS', url.replace('tls=true', 'tls=false').replace(`&tlsCAFile=${ca}`, ''), 'does not answer'],
      ['no such file', url.replace(ca, '/nowhere/ca.pem'), 'a file that the URL of the database names'],
    ])('%s: it starts, and says why it cannot answer', async (_name, wrong, reason) => {
      const gateway = await serving({ folder, environment: { RELAYLOG_STORE_URL: wrong } });
      const ready = await fetch(`${gateway.url}/readyz`);
      const text = await ready.text();
      expect({ status: ready.status, text }).toEqual({ status: 503, text: expect.stringContaining(reason) });
      const { out, err } = await gateway.stop();
      expectNothingOfTheUrl(text + err + out);
    });
  });

  function expectNothingOfTheUrl(text: string) {
    for (const secret of [password, decodeURIComponent(password), 'hunter2', host, `:${port}`, '/nowhere'])
      expect(text).not.toContain(secret);
  }
}
