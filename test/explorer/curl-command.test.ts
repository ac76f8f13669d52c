import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from '../../web/src/format/shell-word.ts';
import { curlCommand, requestBody } from '../../web/src/graphql-dialog/curl-command.ts';

// No shell argument can carry NUL, and JSON escapes it.
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());

test('a shell reads each word as it is', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(value)}`], { encoding: 'utf8' })).toBe(value);
    }),
    { numRuns: 50 },
  );
});

test('the command sends the operation and expands nothing but the key', () => {
  const variables = { filter: { search: `'; rm -rf $HOME "\`id\`" \\ \n` } };
  const command = curlCommand('https://logs.example/graphql', 'query A {\n  viewer { plan }\n}', variables);
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\nRELAYLOG_KEY=rlk_test\n${command}`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0')).toEqual([
    '-s',
    'https://logs.example/graphql',
    '-H',
    'Authorization: Bearer rlk_test',
    '-H',
    'Content-Type: application/json',
    '-d',
    requestBody('query A {\n  viewer { plan }\n}', variables),
    '',
  ]);
});
