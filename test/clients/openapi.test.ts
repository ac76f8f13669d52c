import { spawn } from 'node:child_process';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, relaylog, type Serving, serving, workFolder } from '../support/cli.ts';

/*
 * Checks the served OpenAPI document with tools that were not made for Relaylog: Redocly, and openapi-typescript with
 * openapi-fetch. They are installed in a folder of their own, because openapi-typescript requires TypeScript 5.
 */

const CLIENT = join(import.meta.dirname, 'openapi');

describe('the OpenAPI document', () => {
  const folder = workFolder();
  let server: Serving;
  let key: string;

  const run = (tool: string, ...args: string[]) =>
    ended(
      spawn(process.execPath, [tool, ...args], {
        cwd: folder,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      }),
    );
  const tool = (name: string, ...args: string[]) => run(join('node_modules/.bin', name), ...args);

  beforeAll(async () => {
    for (const file of ['client.ts', 'tsconfig.json', 'package.json'])
      cpSync(join(CLIENT, file), join(folder, file));
    symlinkSync(join(CLIENT, 'node_modules'), join(folder, 'node_modules'));
    await relaylog(['orgs', 'create', 'client', '--plan', 'pro'], { folder });
    const scopes = 'logs:read,logs:write,billing:read';
    const created = await relaylog(['keys', 'create', '--org', 'client', '--scopes', scopes, '--json'], {
      folder,
    });
    key = JSON.parse(created.out).key;
    server = await serving({ folder });
    const document = await (await fetch(`${server.url}/openapi.json`)).text();
    writeFileSync(join(folder, 'openapi.json'), document);
  });
  afterAll(() => server.stop());

  it("passes Redocly's recommended rules without an error or a warning", async () => {
    const { status, out, err } = await tool('redocly', 'lint', 'openapi.json', '--format=json');
    expect([status, JSON.parse(out)], err).toEqual([
      0,
      expect.objectContaining({ totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] }),
    ]);
  });

  it('gives openapi-typescript types with which a client compiles under strict and runs', async () => {
    expect(await tool('openapi-typescript', 'openapi.json', '-o', 'api.d.ts')).toMatchObject({ status: 0 });
    expect(await tool('tsc', '-p', '.')).toEqual({ status: 0, out: '', err: '' });
    const { status, out, err } = await run('client.ts', server.url, key);
    expect([status, err]).toEqual([0, '']);
    const seen = JSON.parse(out);
    expect(new Set(seen.ids).size).toBe(3);
    expect(seen).toEqual({
      stored: 3,
      ids: expect.any(Array),
      bodies: {},
      total: 3,
      path: '/v1/things/a',
      missing: 'not_found',
      denied: 'invalid or revoked API key',
      ignored: 'status',
    });
  });
});
