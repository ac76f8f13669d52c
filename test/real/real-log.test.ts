import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { jsonPost } from '../support/json-post.ts';
import { walk } from '../support/walk.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';

/*
 * Imports a real access log (combined format, gzip, named by RELAYLOG_REAL_LOG) with the real commands. Checks that each
 * line is stored or reported, that counts equal those of awk, and that walks over every API return the same rows.
 */
const file = process.env.RELAYLOG_REAL_LOG;
if (file === undefined) throw new Error('Set RELAYLOG_REAL_LOG to a gzipped access log in combined format');
const log = resolve(file);

/** Counts of the log's lines by an awk expression. */
function countedByAwk(field: string): Map<string, number> {
  const script = `zcat "$0" | awk '{ n[${field}]++ } END { for (v in n) print v, n[v] }'`;
  const lines = execFileSync('sh', ['-c', script, log], { encoding: 'utf8' }).trim().split('\n');
  return new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]));
}

interface BytesPage {
  requestLogs: {
    nodes: { responseBytes: number }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

interface Page {
  requestLogs: {
    edges: { node: { requestId: string } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}

describe('a real access log', () => {
  let server: Serving;
  let key: string;
  let lines: number;
  beforeAll(async () => {
    const folder = workFolder();
    const run = (...args: string[]) => relaylog(args, { folder });
    await run('orgs', 'create', 'site', '--plan', 'archive');
    key = JSON.parse(
      (await run('keys', 'create', '--org', 'site', '--scopes', 'logs:read,billing:read', '--json')).out,
    ).key;
    const imported = JSON.parse((await run('import', log, '--org', 'site', '--json')).out);
    console.log(`import: ${JSON.stringify(imported)}`);
    lines = Number(execFileSync('sh', ['-c', 'zcat "$0" | wc -l', log], { encoding: 'utf8' }));
    expect(imported).toMatchObject({ read: lines, stored: lines, duplicates: 0, rejected: 0 });
    expect(JSON.parse((await run('import', log, '--org', 'site', '--json')).out)).toMatchObject({
      stored: 0,
      duplicates: lines,
    });
    server = await serving({ folder, environment: HIGH_LIMITS });
  });
  afterAll(() => server.stop());

  async function graphql<T>(query: string, variables: object = {}): Promise<T> {
    const response = await fetch(`${server.url}/graphql`, jsonPost(key, { query, variables }));
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  it.each([
    ['statusCode', '$9', Number],
    ['method', 'substr($6, 2)', String],
  ] as const)('counts by %s equal those of awk', async (field, awk, read) => {
    const expected = countedByAwk(awk);
    const query = `query ($filter: RequestLogFilter) { requestLogs(filter: $filter) { totalCount } }`;
    const counted = new Map<string, number>();
    for (const value of expected.keys()) {
      const { requestLogs } = await graphql<{ requestLogs: { totalCount: number } }>(query, {
        filter: { [field]: { eq: read(value) } },
      });
      counted.set(value, requestLogs.totalCount);
    }
    console.log(`${field}: ${JSON.stringify(Object.fromEntries(counted))}`);
    expect(counted).toEqual(expected);
    expect([...counted.values()].reduce((sum, n) => sum + n)).toBe(lines);
  });

  it('the sum of all responseBytes equals that of awk', async () => {
    const script = `zcat "$0" | awk '{ sum += $10 } END { printf "%.0f", sum }'`;
    const expected = Number(execFileSync('sh', ['-c', script, log], { encoding: 'utf8' }));
    const query = `query ($after: String) { requestLogs(first: 100, after: $after, filter: { responseBytes: { ne: null } }) {
      nodes { responseBytes } pageInfo { hasNextPage endCursor } } }`;
    let sum = 0;
    for (let after: string | null = null; ; ) {
      const { requestLogs }: BytesPage = await graphql(query, { after });
      for (const { responseBytes } of requestLogs.nodes) sum += responseBytes;
      if (!requestLogs.pageInfo.hasNextPage) break;
      after = requestLogs.pageInfo.endCursor;
    }
    console.log(`responseBytes: ${sum}`);
    expect(sum).toBe(expected);
  });

  const pages = `query ($first: Int, $after: String, $last: Int, $before: String) {
    requestLogs(first: $first, after: $after, last: $last, before: $before) {
      edges { node { requestId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  async function graphqlWalk(size: number, forward: boolean): Promise<string[]> {
    const rows: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const window: object = forward ? { first: size, after: cursor } : { last: size, before: cursor };
      const { requestLogs } = await graphql<Page>(pages, window);
      const ids = requestLogs.edges.map(({ node }) => node.requestId);
      forward ? rows.push(...ids) : rows.unshift(...ids);
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = requestLogs.pageInfo;
      if (!(forward ? hasNextPage : hasPreviousPage)) return rows;
      cursor = forward ? endCursor : startCursor;
    }
  }

  it('walks forward and backward at two page sizes return each row once, and walks over both shims return the same rows', async () => {
    const rows = await graphqlWalk(100, true);
    expect(new Set(rows).size).toBe(lines);
    expect(await graphqlWalk(37, true)).toEqual(rows);
    expect(await graphqlWalk(100, false)).toEqual(rows);
    expect(await graphqlWalk(37, false)).toEqual(rows);
    const shim = (path: string) =>
      walk<{ request_id: string }>(async (cursor) => {
        const response = await fetch(`${server.url}${path}&limit=100${cursor}`, {
          headers: { authorization: `Bearer ${key}` },
        });
        const { data, pagination } = (await response.json()) as {
          data: { request_id: string }[];
          pagination: { next_cursor?: string | null; cursor?: string | null };
        };
        return { rows: data, cursor: pagination.next_cursor ?? pagination.cursor ?? null };
      }, lines);
    for (const path of ['/v1/logs?sort_dir=desc', '/v1/organization/logs?start_date=2000-01-01']) {
      expect((await shim(path)).map((row) => row.request_id)).toEqual(rows);
    }
    console.log(`walked ${rows.length} rows in 4 GraphQL walks and 2 shim walks`);
  });
});
