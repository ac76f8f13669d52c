// @ts-expect-error The page has no types of Node.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlCommand } from './curl-command.ts';

const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', ';', '\n', ' ', '(', '-', '@', 'a') }),
  fc.string({ unit: 'binary' }),
);

/** The words that a shell makes of a command, in which each variable has its name as its value. */
function wordsOf(command: string): string[] {
  const output = execFileSync('/bin/sh', ['-c', command.replace(/^curl/, "printf '%s\\0'")], {
    env: { TOKEN: '<TOKEN>', HOST: '<HOST>', BODY: '<BODY>', PATH: '/nonexistent' },
  });
  return output.toString().split('\0').slice(0, -1);
}

test('values of a log stay within their words', () => {
  fc.assert(
    fc.property(
      fc.record({
        method: hostile,
        host: fc.option(hostile),
        path: hostile,
        requestHeaders: fc.dictionary(
          fc.oneof(hostile, fc.constant('x-a')),
          fc.oneof(hostile, fc.array(hostile)),
        ),
        requestBody: fc.oneof(hostile, fc.jsonValue()),
      }),
      (request) => {
        const method = request.method.replaceAll('\0', '').toWellFormed();
        const words = wordsOf(curlCommand({ ...request, method }));
        expect(words.slice(0, 2)).toEqual(['--globoff', '--path-as-is']);
        const rest = words.slice(2);
        while (rest[0] !== undefined && !rest[0].startsWith('https://')) rest.shift();
        expect(rest.shift()).toMatch(/^https:\/\/([A-Za-z0-9.:-]+|<HOST>)\/[\x21-\x7e]*$/);
        // What follows the address are pairs of these options and their values.
        for (let index = 0; index < rest.length; index += 2) expect(rest[index]).toMatch(/^(-H|--data-raw)$/);
        expect(rest.length % 2).toBe(0);
        for (const word of rest) expect(word).not.toMatch(/[^\P{Cc}\t\n]/u);
      },
    ),
    { numRuns: 60 },
  );
});

test('a request as a command', () => {
  const command = curlCommand({
    method: 'POST',
    host: 'api.example.com',
    path: "/v1/it's?token=[REDACTED]&q=a b",
    requestHeaders: {
      authorization: '[REDACTED]',
      'content-length': '3',
      '@/etc/passwd': 'x',
      'x-empty': '',
    },
    requestBody: { password: '[REDACTED]', name: "O'Neil" },
  });
  expect(command.split(' \\\n')).toEqual([
    String.raw`curl --globoff --path-as-is -X 'POST' 'https://api.example.com/v1/it'\''s?token='"$TOKEN"'&q=a%20b'`,
    `  -H 'authorization: '"$TOKEN"`,
    "  -H 'x-empty;'",
    String.raw`  --data-raw '{"password":"'"$TOKEN"'","name":"O'\''Neil"}'`,
  ]);
});

test('a path cannot change the host, and a host cannot be an option', () => {
  const get = { method: 'GET', path: '@evil.example/' };
  expect(curlCommand({ ...get, host: 'api.example.com' })).toContain(
    "'https://api.example.com/@evil.example/'",
  );
  expect(curlCommand({ ...get, host: 'a b' })).toContain(`'https://'"$HOST"'/@evil.example/'`);
});

test('a body that is not recorded is a variable', () => {
  const post = { method: 'POST', host: 'a', path: '/' };
  const truncated = { truncated: true, originalBytes: 9, beginning: 'a' };
  expect(curlCommand({ ...post, requestBody: truncated })).toMatch(/--data-raw "\$BODY"$/);
  expect(curlCommand(post)).toBe("curl --globoff --path-as-is -X 'POST' 'https://a/'");
});
