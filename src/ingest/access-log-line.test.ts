import { describe, expect, it } from 'vitest';
import { ACCESS_LOG_FORMATS, parseAccessLogLine } from './access-log-line.ts';

const head = '10.0.0.1 - bob [17/May/2015:10:05:03 +0200]';
const request = '"GET /a?b=1 HTTP/1.1"';
const line = `${head} ${request} 200 512 "http://h/" "curl/8"`;

describe('an access log line', () => {
  it('gives the fields that it contains and no others', () => {
    expect(parseAccessLogLine(line, 'combined')).toEqual({
      ok: true,
      input: {
        createdAt: '2015-05-17T10:05:03+02:00',
        method: 'GET',
        path: '/a?b=1',
        statusCode: 200,
        responseBytes: 512,
        ipAddress: '10.0.0.1',
        userAgent: 'curl/8',
        requestHeaders: { referer: 'http://h/' },
      },
    });
  });

  it.each([
    [`${line}  \r`, 'curl/8'],
    [`${line} "10.1.1.1" 0.004`, 'curl/8'],
    [line.replace('"curl/8"', '"curl/8 (cut'), 'curl/8 (cut'],
    [line.replace('"curl/8"', '"a \\"b\\" \\\\ \\x41"'), 'a "b" \\ \\x41'],
    [line.replace('"curl/8"', '"-"'), null],
    [line.replace('"http://h/"', '"[x]"'), 'curl/8'],
    [line.replace(request, '"GET /a b HTTP/1.1"'), 'curl/8'],
    [line.replace(request, '"OPTIONS * HTTP/1.0"'), 'curl/8'],
    [line.replace(request, '"GET /old"'), 'curl/8'],
    [line.replace(' 512 ', ' - '), 'curl/8'],
  ])('is parsed: %s', (text, userAgent) => {
    const parsed = parseAccessLogLine(text, 'combined');
    expect(parsed).toMatchObject({ ok: true, input: { userAgent } });
  });

  it.each([
    ['0', 0],
    ['5368709120', 5_368_709_120],
    ['-', null],
  ])('with size %s gives responseBytes %s in both formats', (bytes, responseBytes) => {
    for (const format of ACCESS_LOG_FORMATS) {
      const text = `${head} ${request} 200 ${bytes}${format === 'combined' ? ' "-" "curl/8"' : ''}`;
      expect(parseAccessLogLine(text, format)).toMatchObject({ ok: true, input: { responseBytes } });
    }
  });

  it.each([
    ['', 'not in combined format'],
    [`${head} ${request} 200 512`, 'not in combined format'],
    [line.replace(request, '"GET  HTTP/1.1"'), 'the request is not a method and a path'],
    [line.replace(request, '"\\x16\\x03"'), 'the request is not a method and a path'],
    [line.replace('May', 'Mai'), 'the time "17/Mai/2015:10:05:03 +0200" is not'],
    ['x'.repeat(70_000), 'not in combined format'],
  ])('is rejected with a reason: %.60s', (text, reason) => {
    expect(parseAccessLogLine(text, 'combined')).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it('is parsed in linear time, even if it is hostile', () => {
    const n = 60_000;
    for (const hostile of [
      `a b ${'['.repeat(n)}`,
      `${head} ${request} 200 1 "-" "${' '.repeat(n)}" x`,
      `a b ${'[x] "'.repeat(n / 6)}`,
      `${head} "${'\\"'.repeat(n / 2)}`,
    ]) {
      const start = performance.now();
      parseAccessLogLine(hostile, 'combined');
      parseAccessLogLine(hostile, 'common');
      expect([hostile.slice(0, 60), performance.now() - start < 500]).toEqual([hostile.slice(0, 60), true]);
    }
  });
});
