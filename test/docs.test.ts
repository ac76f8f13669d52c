import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES, readPage } from '../tools/docs/pages.ts';
import { type Serving, serving, workFolder } from './support/cli.ts';
import { jsonPost } from './support/json-post.ts';

const COMMANDS = join(import.meta.dirname, 'support/commands');
const BASE = 'http://127.0.0.1:4000';

interface Block {
  readonly line: number;
  readonly text: string;
}

/** The fenced blocks of a page with exactly this info string: `sh skip` is another one than `sh`. */
function blocksOf(page: string, info: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === info)
    .map((match) => ({ line: text.slice(0, match.index).split('\n').length, text: match[2]! }));
}

describe('the documentation', () => {
  const folder = workFolder();
  let server: Serving;
  let key: string;
  beforeAll(async () => {
    server = await serving({ folder });
    key = /rlk_[\w-]{43}/.exec(server.out)![0];
  });
  afterAll(() => server.stop());

  const run = (script: string) =>
    promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script.replaceAll(BASE, server.url)], {
      cwd: folder,
      env: {
        PATH: [COMMANDS, dirname(process.execPath), process.env.PATH].join(':'),
        HOME: process.env.HOME,
        KEY: key,
      },
    });

  const commands = PAGES.flatMap((page) => blocksOf(page, 'sh').map((block) => ({ page, ...block })));
  it.each(commands)('$page:$line runs', async ({ text }) => {
    const { stdout } = await run(text);
    expect(stdout.trim()).not.toBe('');
    expect(stdout).not.toContain('"errors"');
  });

  const queries = PAGES.flatMap((page) => blocksOf(page, 'graphql').map((block) => ({ page, ...block })));
  it.each(queries)('$page:$line is answered', async ({ text }) => {
    const response = await fetch(`${server.url}/graphql`, jsonPost(key, { query: text }));
    expect(await response.json()).toEqual({ data: expect.any(Object) });
  });

  it.each(PAGES.flatMap((page) => blocksOf(page, 'json').map((block) => ({ page, ...block }))))(
    '$page:$line is JSON',
    ({ text }) => {
      expect(() => JSON.parse(text)).not.toThrow();
    },
  );

  it('has commands and queries', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(queries.length).toBeGreaterThan(2);
  });
});
