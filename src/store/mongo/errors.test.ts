import { MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { isRetryable, translateError } from './errors.ts';

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
    [
      'an index that is hidden',
      serverError(291, 'error processing query: no query solutions'),
      'UNAVAILABLE',
    ],
    ['a validator', serverError(121, 'Document failed validation'), 'UNAVAILABLE'],
    ['a deadlock of writes on DocumentDB', serverError(16_908_292, 'deadlock detected'), 'UNAVAILABLE'],
    ['killed', serverError(11601, 'operation was interrupted'), 'UNAVAILABLE'],
    ['too slow', serverError(50, 'operation exceeded time limit'), 'QUERY_TIMEOUT'],
  ])('is converted to a RelaylogError: %s', (_name, error, code) => {
    const converted = translateError(error);
    expect(converted).toMatchObject({ name: 'RelaylogError', code });
    expect(
      JSON.stringify([converted, (converted as Error).message, String((converted as Error).cause)]),
    ).not.toMatch(/internal|27017/);
  });

  it('reports a rejected certificate, also if it is a nested cause', () => {
    const cause = Object.assign(new Error('db.internal is not in its list'), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const message =
      'The log store is unavailable: the TLS certificate of the database was rejected (ERR_TLS_CERT_ALTNAME_INVALID).';
    const error = new MongoNetworkError('db.internal', { cause: new MongoNetworkError('x', { cause }) });
    expect(translateError(error)).toMatchObject({ code: 'UNAVAILABLE', message });
  });

  it('suggests how to narrow a slow search', () => {
    expect((translateError(serverError(50, '')) as Error).message).toMatch(/narrow its createdAt window/);
  });

  it('stays unexpected if it is unknown, but its hosts are removed', () => {
    const error = serverError(12345, 'Odd at mongodb://u:p@h/x from db.internal:27017 and [::1]:27018');
    expect(translateError(error)).toMatchObject({ message: 'Odd at … from … and …', code: 12345 });
    const other = new TypeError('not an error of the driver');
    expect(translateError(other)).toBe(other);
  });
});

it('errors after a timeout are not retryable', () => {
  const reset = new MongoNetworkError('read ECONNRESET');
  expect(isRetryable(reset)).toBe(true);
  expect(isRetryable(new MongoNetworkTimeoutError('socket timed out'))).toBe(false);
  expect(isRetryable(serverError(10107, 'not primary'))).toBe(true);
  expect(isRetryable(serverError(50, 'operation exceeded time limit'))).toBe(false);
});

describe('a MongoDB store', () => {
  it.each([
    'mongodb://u:pass@word@h:1/x?nosuch=1',
    'mongodb://u:hunter2@h/x?tls=maybe',
    'mongodb://u:hunter2@',
    'mongodb://u:hunter2@h:notaport/x',
  ])('rejects %s with a message that does not contain it', async (url) => {
    await expect(openStore(url)).rejects.toThrow(
      /^(?!.*(hunter2|pass@word)).*RELAYLOG_STORE_URL is not a valid MongoDB URL/,
    );
  });

  it('opens while the server is unreachable, and reports this within two seconds', async () => {
    const store = await openStore('mongodb://u:hunter2@127.0.0.1:9/x?directConnection=true');
    const start = performance.now();
    const error = await store.ping().catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The log store is unavailable: the database does not respond.',
      retryAfter: 5,
    });
    expect(String((error as Error).cause)).not.toMatch(/hunter2|127\.0\.0\.1/);
    await store.close();
  });
});
