import { afterAll, describe, expect, it } from 'vitest';
import { demoLogs } from '../../src/demo/demo-logs.ts';
import { openStore } from '../../src/store/open-store.ts';
import { relaylog, serving, workFolder } from '../support/cli.ts';
import { databaseUrl, testDatabase, withClient } from './servers.ts';

const given = process.env.RELAYLOG_TEST_MONGODB_SECURE_URL;

/* A server with TLS, a private certificate authority, and a user whose password must be percent-encoded. */
if (given === undefined) {
  it('the server with TLS is not tested, because RELAYLOG_TEST_MONGODB_SECURE_URL is not set', () => {
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

    it('needs no configuration except the URL', async () => {
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
      ['a wrong password', url.replace(password, 'hunter2'), 'the database rejected the credentials'],
      ['no user', url.replace(`${username}:${password}@`, ''), 'the database user lacks permissions'],
      [
        'an unknown certificate authority',
        url.replace(`&tlsCAFile=${ca}`, ''),
        'the TLS certificate of the database was rejected (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
      ],
      [
        'a host name that is not in the certificate',
        url.replace('localhost', '127.0.0.1'),
        'the TLS certificate of the database was rejected (ERR_TLS_CERT_ALTNAME_INVALID)',
      ],
      ['no TLS', url.replace('tls=true', 'tls=false').replace(`&tlsCAFile=${ca}`, ''), 'does not respond'],
      ['no such file', url.replace(ca, '/nowhere/ca.pem'), 'a file named in the database URL'],
    ])('%s: the gateway starts, and reports why the store is unavailable', async (_name, wrong, reason) => {
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
