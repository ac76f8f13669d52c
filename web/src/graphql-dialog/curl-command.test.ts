// @ts-expect-error The page has no types of Node.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlCommand, requestBody } from './curl-command.ts';

test('the command sends the operation and expands nothing but the key', () => {
  const variables = { filter: { search: `'; rm -rf $HOME "\`id\`" \\ \n` } };
  const command = curlCommand('https://logs.example/graphql', 'query A {\n  viewer { plan }\n}', variables);
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\nRELAYLOG_KEY=rlk_test\n${command}`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0')).toEqual([
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
