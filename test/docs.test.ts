import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../src/access/api-key.ts';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { DEMO, seedDemo } from '../src/demo/seed-demo.ts';
import { PAGES, readPage } from '../tools/docs/pages.ts';
import { type TestApp, testApp } from './support/app.ts';
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

interface Question {
  readonly line: number;
  readonly query: string;
  readonly variables?: object;
  /** The response that the page shows. */
  readonly answer?: object;
}

/** The queries of a page, each with the variables and the answer that directly follow it. */
function questionsOf(page: string): Question[] {
  const text = readPage(page);
  const block = (info: string) => `\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`;
  const following = (info: string) => `(?:\\n\\n${block(info)})?`;
  const question = new RegExp(
    `^${block('graphql')}${following('json variables')}${following('json answer')}`,
    'gm',
  );
  return [...text.matchAll(question)].map(({ index, 1: query, 2: variables, 3: answer }) => ({
    line: text.slice(0, index).split('\n').length,
    query: query!,
    ...(variables !== undefined && { variables: JSON.parse(variables) }),
    ...(answer !== undefined && { answer: JSON.parse(answer) }),
  }));
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

  const queries = PAGES.flatMap((page) => questionsOf(page).map((question) => ({ page, ...question })));
  it.each(queries)('$page:$line is answered', async ({ query, variables }) => {
    const response = await fetch(`${server.url}/graphql`, jsonPost(key, { query, variables }));
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

describe('the questions about the demo logs', () => {
  const PAGE = 'docs/statistics.md';
  /** The day of the answers on the page, at any time of it. */
  const NOW = Date.UTC(2026, 10, 24, 15, 40);
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    app.setNow(NOW);
    await seedDemo(app.store, NOW);
    const made = newApiKey({ organizationId: DEMO.id, scopes: SCOPE_NAMES, expiresAt: null }, NOW);
    await app.store.createKey(made.record);
    key = made.key;
  });
  afterAll(() => app.close());

  const questions = questionsOf(PAGE);
  const hasAnswer = async ({ query, variables, answer }: Question) =>
    expect(await app.graphql(key, query, variables)).toEqual({ status: 200, ...answer });
  it.each(questions)('$line has the answer of the page, read from logs', hasAnswer);

  describe('once roll-ups are built', () => {
    beforeAll(async () => {
      while (await app.store.rollUpStep(NOW)) {}
    });

    it.each(questions)('$line has the answer of the page', hasAnswer);

    it('cost what the page says', async () => {
      const [, stated] = /Each of the six questions costs less than (\d+)/.exec(readPage(PAGE))!;
      expect(questions).toHaveLength(6);
      for (const { query, variables } of questions) {
        // The first brace that ends a line begins the selection.
        const measured = query.replace('{\n', '{ viewer { limits { queryCost } }\n');
        const { data } = await app.graphql<Costs>(key, measured, variables);
        expect(data.viewer.limits.queryCost).toBeLessThan(Number(stated));
      }
    });
  });
});

interface Costs {
  readonly viewer: { readonly limits: { readonly queryCost: number } };
}
