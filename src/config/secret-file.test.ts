import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'relaylog-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}
const refusal = (environment: Record<string, string>) => {
  try {
    loadConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

it.each(['s3cret', 's3cret\n', 's3cret\r\n'])('a secret is the one line of its file: %j', (content) => {
  expect(loadConfig({ RELAYLOG_METRICS_TOKEN_FILE: file(content) }).RELAYLOG_METRICS_TOKEN).toBe('s3cret');
});

it('the URL of the store is read from a file as well, with spaces kept', () => {
  const url = 'mongodb://relaylog:p%40ss@mongo/relaylog ';
  expect(loadConfig({ RELAYLOG_STORE_URL_FILE: file(url) }).RELAYLOG_STORE_URL).toBe(url);
});

it('an empty name of a file counts as unset', () => {
  const environment = { RELAYLOG_METRICS_TOKEN: 'own', RELAYLOG_METRICS_TOKEN_FILE: '' };
  expect(loadConfig(environment).RELAYLOG_METRICS_TOKEN).toBe('own');
});

it.each([
  ['nothing', '', 'is empty'],
  ['a line break alone', '\n', 'is empty'],
  ['several lines', 's3cret\nmore', 'has several lines or control characters'],
  ['a NUL', 's3cret\0', 'has several lines or control characters'],
  ['no UTF-8', Buffer.from([0x73, 0xff]), 'is not UTF-8'],
  ['too much', 's'.repeat(65_537), 'is larger than 65536 bytes'],
])('a file that holds %s is refused, and its content is not repeated', (_, content, problem) => {
  const message = refusal({ RELAYLOG_METRICS_TOKEN_FILE: file(content) });
  expect(message).toContain(
    `RELAYLOG_METRICS_TOKEN_FILE names "${join(folder, 'secret')}", which ${problem}`,
  );
  expect(message).not.toContain('s3cret');
});

it.each([
  ['/nowhere/secret', 'cannot be read (ENOENT)'],
  [folder, 'is not a regular file'],
  ['/dev/zero', 'is not a regular file'],
])('%s is refused', (path, problem) => {
  expect(refusal({ RELAYLOG_STORE_URL_FILE: path })).toBe(
    `The configuration is invalid.\n  RELAYLOG_STORE_URL_FILE names "${path}", which ${problem}`,
  );
});

it('a secret and its file are not both accepted', () => {
  const environment = { RELAYLOG_METRICS_TOKEN: 'a', RELAYLOG_METRICS_TOKEN_FILE: file('b') };
  expect(refusal(environment)).toContain(
    'RELAYLOG_METRICS_TOKEN and RELAYLOG_METRICS_TOKEN_FILE are both set; set one of them',
  );
});
