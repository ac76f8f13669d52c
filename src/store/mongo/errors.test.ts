import { MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { mayPass, translated } from './errors.ts';

const serverError = (code: number, message: string) => new MongoServerError({ code, message });

describe('an error of the driver', () => {
  it.each([
    ['no connection', new MongoNetworkError('connect ECONNREFUSED db.internal:27017'), 'UNAVAILABLE'],
    [
      'no such host',
      Object.assign(new Error('querySrv ENOTFOUND db.internal'), { syscall: 'querySrv' }),
      'UNAVAILABLE',
    ],
    ['bad credentials', serverError(18, 'Authentication failed.'), 'UNAVAILABLE'],
    ['no primary', serverError(10107, 'not primary'), 'UNAVAILABLE'],
    ['no index', serverError(2, 'hint provided does not correspond to an existing index'), 'UNAVAILABLE'],
    ['too slow', serverError(50, 'operation exceeded time limit'), 'QUERY_TIMEOUT'],
  ])('is ours: %s', (_name, error, code) => {
    const ours = translated(error);
    expect(ours).toMatchObject({ name: 'RelaylogError', code });
    expect(JSON.stringify([ours, (ours as Error).message, String((ours as Error).cause)])).not.toMatch(
      /internal|27017/,
    );
  });

  it('names the certificate where that is the reason, however deep', () => {
    const cause = Object.assign(new Error('db.internal is not in its list'), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const message =
      'The log store is unavailable: the certificate of the database is not accepted (ERR_TLS_CERT_ALTNAME_INVALID).';
    const error = new MongoNetworkError('db.internal', { cause: new MongoNetworkError('x', { cause }) });
    expect(translated(error)).toMatchObject({ code: 'UNAVAILABLE', message });
  });

  it('says how a slow search is narrowed', () => {
    expect((translated(serverError(50, '')) as Error).message).toMatch(/narrow its createdAt window/);
  });

  it('stays unexpected where nothing is known of it, without its hosts', () => {
    const error = serverError(12345, 'Odd at mongodb://u:p@h/x from db.internal:27017 and [::1]:27018');
    expect(translated(error)).toMatchObject({ message: 'Odd at … from … and …', code: 12345 });
    const other = new TypeError('ours');
    expect(translated(other)).toBe(other);
  });
});

it('what was waited for in vain is not asked once more', () => {
  const reset = new MongoNetworkError('read ECONNRESET');
  expect(mayPass(reset)).toBe(true);
  expect(mayPass(new MongoNetworkTimeoutError('socket timed out'))).toBe(false);
  expect(mayPass(serverError(10107, 'not primary'))).toBe(true);
  expect(mayPass(serverError(50, 'operation exceeded time limit'))).toBe(false);
});

describe('a MongoDB store', () => {
  it.each([
    'mongodb://u:pass@word@h:1/x?nosuch=1',
    'mongodb://u:hunter2@h/x?tls=maybe',
    'mongodb://u:hunter2@',
    'mongodb://u:hunter2@h:notaport/x',
  ])('refuses %s without repeating it', async (url) => {
    await expect(openStore(url)).rejects.toThrow(
      /^(?!.*(hunter2|pass@word)).*RELAYLOG_STORE_URL is not a URL of MongoDB/,
    );
  });

  it('opens while no server is there, and says within two seconds that none answers', async () => {
    const store = await openStore('mongodb://u:hunter2@127.0.0.1:9/x?directConnection=true');
    const start = performance.now();
    const error = await store.ping().catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The log store is unavailable: the database does not answer.',
      retryAfter: 5,
    });
    expect(String((error as Error).cause)).not.toMatch(/hunter2|127\.0\.0\.1/);
    await store.close();
  });
});
