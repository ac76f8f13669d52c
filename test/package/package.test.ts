import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { jsonPost } from '../support/json-post.ts';
import { Installation } from './installation.ts';

const ROOT = join(import.meta.dirname, '../..');
const NEW_LOG = {
  createdAt: new Date().toISOString(),
  method: 'TRACE',
  path: '/new',
  statusCode: 200,
  requestId: 'new',
};
const LINE = '10.0.0.1 - - [01/Jan/2026:00:00:01 +0000] "GET /page HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n';

describe.each([24, 26])('the package on Node %d', (version) => {
  let installation: Installation;
  let warnings: string;
  beforeAll(async () => {
    const made = await Installation.of(version);
    installation = made.installation;
    warnings = made.installed.stderr;
  });
  const relaylog = (...args: string[]) => installation.run('npx', 'relaylog', ...args);

  it('installs without engine warnings, and without another Node', async () => {
    expect(warnings).not.toContain('EBADENGINE');
    expect((await installation.run('npx', 'node', '--version')).stdout).toMatch(`v${version}.`);
  });

  it('prints its version', async () => {
    expect(await relaylog('--version')).toEqual({ stdout: `${packageJson.version}\n`, stderr: '' });
  });

  it('serves the demo on each API, and ingests, searches and counts in its worker threads', async () => {
    const server = await installation.serve('node_modules/.bin/relaylog', 'serve', '--demo');
    const [key = ''] = /rlk_[\w-]{43}/.exec(server.text) ?? [];
    await expectAnswers(server.url, key);
    expect((await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(200);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(
      `relaylog_build_info{version="${packageJson.version}",node_version="v${version}.`,
    );
    expect(await server.stop()).toMatchObject({ status: 0 });
  });

  it('imports a log file', async () => {
    writeFileSync(join(installation.folder, 'access.log'), LINE.repeat(3));
    await relaylog('orgs', 'create', 'site', '--plan', 'archive');
    const { stdout } = await relaylog('import', 'access.log', '--org', 'site', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ read: 3, stored: 3, rejected: 0 });
  });

  it.each(['node-http', 'hono'])(
    'runs in a server of another application: examples/%s.ts',
    async (example) => {
      await relaylog('orgs', 'create', example);
      const { stdout } = await relaylog('keys', 'create', '--org', example, '--scopes', 'admin', '--json');
      const server = await installation.serve('node', `examples/${example}.ts`);
      expect(await (await fetch(`${server.url}/hello`)).text()).toContain('my own route');
      await expectAnswers(server.url, JSON.parse(stdout).key);
      expect(await server.stop()).toMatchObject({ status: 0 });
    },
  );

  it('has type declarations with which the examples compile, strictly and with the libraries checked', async () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'esnext',
      // Hono's own declarations need those of browsers.
      lib: ['esnext', 'dom'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const config = join(installation.folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions, include: ['examples'] }));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    expect(await promisify(execFile)(tsc, ['-p', config]).catch(({ stdout }) => stdout)).toMatchObject({
      stdout: '',
    });
  });

  it('exports nothing else', async () => {
    const script = `import('relaylog/dist/app.js').catch((error) => console.log(error.code))`;
    expect((await installation.run('node', '-e', script)).stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});

describe('Node 20, which is too old', () => {
  let installation: Installation;
  beforeAll(async () => {
    ({ installation } = await Installation.of(20));
  });

  it('does not run the package, which runs with the Node that it installed for itself', async () => {
    expect((await installation.run('npx', 'relaylog', '--version')).stdout).toBe(`${packageJson.version}\n`);
    expect((await installation.run('npx', 'node', '--version')).stdout).toMatch('v20.');
    const server = await installation.serve('node_modules/.bin/relaylog', 'serve', '--demo');
    await expectAnswers(server.url, /rlk_[\w-]{43}/.exec(server.text)![0]);
    expect(await server.stop()).toMatchObject({ status: 0 });
  });

  it('without that Node, gets one line that says what is needed', async () => {
    rmSync(join(installation.folder, 'node_modules/relaylog/bundled-node'), { recursive: true });
    await expect(installation.run('npx', 'relaylog', '--version')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^relaylog: Relaylog needs Node 24 or newer, and this is Node 20\.\S+\. .+\n$/,
      ),
    });
  });
});

/** Asks each API once, and sends a log. @param url the server's. */
async function expectAnswers(url: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const get = async (path: string) => (await fetch(`${url}${path}`, { headers })).json();
  const sent = await fetch(`${url}/ingest/v1/request-logs`, jsonPost(key, [NEW_LOG]));
  expect(await sent.json()).toMatchObject({ received: 1, rejected: [] });
  const query = `{ requestLogs(first: 1, filter: { path: { contains: "/new" } }) { totalCount nodes { path } } }`;
  const answer = await fetch(`${url}/graphql`, jsonPost(key, { query }));
  expect(await answer.json()).toEqual({
    data: { requestLogs: { totalCount: 1, nodes: [{ path: '/new' }] } },
  });
  const page = await (await fetch(`${url}/`)).text();
  const [, script] = /src="(\/assets\/[^"]+)"/.exec(page)!;
  expect((await fetch(`${url}${script}`)).status).toBe(200);
  expect(await get('/v1/logs?method=TRACE')).toMatchObject({ data: [{ path: '/new' }] });
  expect(await get('/v1/organization/logs?limit=1&q=new')).toMatchObject({ data: [{ path: '/new' }] });
}
