import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { ended, relaylog, startRelaylog, workFolder } from '../support/cli.ts';

const line = (i: number, second = i % 60) =>
  `10.0.0.${i % 250} - - [17/May/2015:10:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(second).padStart(2, '0')} +0000] ` +
  `"GET /page/${i}?token=S3CRET HTTP/1.1" ${i % 10 === 0 ? 404 : 200} 512 "-" "curl/8"`;
const lines = (count: number) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

async function folderWithAcme(): Promise<string> {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme', '--plan', 'archive'], { folder });
  return folder;
}

async function logsOf(folder: string) {
  const store = await openStore(`sqlite:${join(folder, 'data/relaylog.db')}`, { inline: true });
  const scope = { organizationId: 'acme', visibleFrom: null };
  const filter = { op: 'and', filters: [] } as const;
  const found = await store.find({ scope, filter, sort: 'createdAt', direction: 'asc', limit: 1_000_000 });
  await store.close();
  return found;
}

describe('relaylog import', () => {
  const run = (folder: string, args: string[], input?: string | Buffer) =>
    relaylog(['import', ...args, '--org', 'acme', '--json'], {
      folder,
      ...(input === undefined ? {} : { input }),
    });
  const summary = (read: number, stored: number, duplicates: number, rejected: number) =>
    expect.objectContaining({ read, stored, duplicates, rejected });

  it('imports plain files, gzip and standard input, and stores repeated imports once', async () => {
    const folder = await folderWithAcme();
    writeFileSync(join(folder, 'a.log'), lines(300));
    writeFileSync(join(folder, 'a.log.gz'), gzipSync(lines(300)));
    expect(JSON.parse((await run(folder, ['a.log'])).out)).toEqual(summary(300, 300, 0, 0));
    expect(JSON.parse((await run(folder, ['a.log.gz'])).out)).toEqual(summary(300, 0, 300, 0));
    expect(JSON.parse((await run(folder, ['-'], lines(310))).out)).toEqual(summary(310, 10, 300, 0));
    expect(JSON.parse((await run(folder, ['-'], gzipSync(lines(310)))).out)).toEqual(summary(310, 0, 310, 0));
    const found = await logsOf(folder);
    expect(found).toHaveLength(310);
    expect(found.map((log) => log.path)).toEqual(
      Array.from({ length: 310 }, (_, i) => `/page/${i}?token=[REDACTED]`),
    );
    expect(found[0]).toMatchObject({
      durationMs: null,
      ipAddress: '10.0.0.0',
      userAgent: 'curl/8',
      statusCode: 404,
    });
  });

  it('stores two equal lines as two logs, regardless of their position, and stores repeated imports once', async () => {
    const folder = await folderWithAcme();
    const text = [
      line(1),
      line(2),
      line(1),
      ...Array.from({ length: 2000 }, (_, i) => line(i + 10)),
      line(1),
    ].join('\n');
    expect(JSON.parse((await run(folder, ['-'], text)).out)).toEqual(summary(2004, 2004, 0, 0));
    expect(JSON.parse((await run(folder, ['-'], text)).out)).toEqual(summary(2004, 0, 2004, 0));
  });

  it('keeps lines of the same second in file order', async () => {
    const folder = await folderWithAcme();
    const text = Array.from({ length: 500 }, (_, i) => line(i * 3600, 7)).map((one, i) =>
      one.replace(/page\/\d+/, `page/${i}`),
    );
    await run(folder, ['-'], text.join('\n'));
    expect((await logsOf(folder)).map((log) => Number(/\d+/.exec(log.path)![0]))).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
  });

  it('writes the line number and reason of each rejected line to a file', async () => {
    const folder = await folderWithAcme();
    const bad = [
      'nonsense',
      line(1).replace('[17/May', '[17/Foo'),
      line(1).replace('"GET /page/1?token=S3CRET HTTP/1.1"', '"-"'),
      line(1).replace(' 200 ', ' 700 '),
      line(1).replace('[17/May/2015', '[31/Feb/2015'),
      `${line(1).replace(' "curl/8"', '')} extra`,
    ];
    const text = [line(0), '', ...bad, `"${'x'.repeat(1_048_576)}`, line(5)].join('\n');
    const { status, out } = await run(folder, ['-', '--rejects', 'rejects.tsv'], text);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual(summary(9, 2, 0, 7));
    const rejects = readFileSync(join(folder, 'rejects.tsv'), 'utf8').trim().split('\n');
    expect(rejects).toEqual([
      expect.stringContaining('3\tnot in combined format: host ident user [time]'),
      expect.stringContaining('4\tthe time "17/Foo/2015'),
      expect.stringContaining('5\tthe request is not a method and a path'),
      expect.stringContaining('6\tstatusCode must be 100 to 599'),
      expect.stringContaining('7\tcreatedAt must be an RFC 3339 date-time'),
      expect.stringContaining('8\tnot in combined format'),
      expect.stringContaining('9\tlonger than 1048576 bytes'),
    ]);
    const plain = await relaylog(['import', '-', '--org', 'acme'], { folder, input: text });
    expect(plain.out).toContain(
      '9 read, 0 stored, 2 already stored, 7 rejected\n  line 3: not in combined format',
    );
    expect(plain.out).toContain('… 2 more; use --rejects FILE to write all of them to a file');
  });

  it('reads common format, NDJSON, and a line that was truncated in its last field', async () => {
    const folder = await folderWithAcme();
    const common = line(1).replace(' "-" "curl/8"', '');
    expect(JSON.parse((await run(folder, ['-', '--format', 'common'], common)).out)).toEqual(
      summary(1, 1, 0, 0),
    );
    const json = JSON.stringify({ createdAt: 5, method: 'PUT', path: '/x', statusCode: 204 });
    expect(JSON.parse((await run(folder, ['-', '--format', 'ndjson'], `${json}\n{`)).out)).toEqual(
      summary(2, 1, 0, 1),
    );
    const cut = line(7).replace('"curl/8"', '"Mozilla/5.0 (compat');
    expect(JSON.parse((await run(folder, ['-'], cut)).out)).toEqual(summary(1, 1, 0, 0));
    expect((await logsOf(folder)).map((log) => [log.method, log.userAgent])).toEqual([
      ['PUT', null],
      ['GET', null],
      ['GET', 'Mozilla/5.0 (compat'],
    ]);
  });

  it('is complete when it is interrupted at any point and run again', async () => {
    const folder = await folderWithAcme();
    const count = 60_000;
    writeFileSync(join(folder, 'big.log'), lines(count));
    const store = await openStore(`sqlite:${join(folder, 'data/relaylog.db')}`, { inline: true });
    const scope = { organizationId: 'acme', visibleFrom: null };
    const stored = async () => (await store.count(scope, { op: 'and', filters: [] }, null)).count;
    const interruptedAt: number[] = [];
    for (const logs of [0, 1, 20_000]) {
      const child = startRelaylog(['import', 'big.log', '--org', 'acme'], { folder });
      const end = ended(child);
      await expect.poll(stored, { timeout: 20_000, interval: 10 }).toBeGreaterThanOrEqual(logs);
      child.kill('SIGKILL');
      if ((await end).status === null) interruptedAt.push(await stored());
    }
    expect(interruptedAt.some((logs) => logs > 0 && logs < count)).toBe(true);
    expect(interruptedAt).toEqual(interruptedAt.toSorted((a, b) => a - b));
    const before = interruptedAt.at(-1)!;
    const { out } = await run(folder, ['big.log']);
    expect(JSON.parse(out)).toEqual(summary(count, count - before, before, 0));
    expect(await stored()).toBe(count);
    await store.close();
  });

  it('stores the lines of a slow standard input before its end', async () => {
    const folder = await folderWithAcme();
    const child = startRelaylog(['import', '-', '--org', 'acme', '--json'], { folder });
    const end = ended(child);
    const slowly = setInterval(() => child.stdin!.write(`${line(sent++)}\n`), 50);
    let sent = 0;
    await expect.poll(async () => (await logsOf(folder)).length, { timeout: 20_000 }).toBeGreaterThan(5);
    clearInterval(slowly);
    child.stdin!.end();
    expect(JSON.parse((await end).out)).toEqual(summary(sent, sent, 0, 0));
  });

  it('replaces bytes of NDJSON that are not UTF-8, and counts a line of blanks only as no line', async () => {
    const folder = await folderWithAcme();
    const log = Buffer.from(
      '{"createdAt":5,"method":"GET","path":"/x?","statusCode":204}\r\n \u00a0\t\n\u00e9\n',
    );
    log[log.indexOf('?')] = 0xff;
    const args = ['-', '--format', 'ndjson', '--rejects', 'rejects.txt'];
    expect(JSON.parse((await run(folder, args, log)).out)).toEqual(summary(2, 1, 0, 1));
    expect((await logsOf(folder))[0]!.path).toBe('/x\uFFFD');
    expect(readFileSync(join(folder, 'rejects.txt'), 'utf8')).toBe('3\tnot JSON\n');
  });

  it('reports a truncated gzip file, and keeps the lines before the end', async () => {
    const folder = await folderWithAcme();
    const packed = gzipSync(lines(5_000));
    writeFileSync(join(folder, 'cut.gz'), packed.subarray(0, packed.length - 200));
    const { status, out, err } = await run(folder, ['cut.gz']);
    expect(status).toBe(1);
    expect(err).toBe('relaylog: The import failed: unexpected end of file. Run it again to complete it.\n');
    expect(JSON.parse(out).stored).toBeGreaterThan(1_000);
    expect(await logsOf(folder)).toHaveLength(JSON.parse(out).stored);
  });

  it('never overwrites the file that it imports', async () => {
    const folder = await folderWithAcme();
    writeFileSync(join(folder, 'a.log'), lines(3));
    const { status, err } = await run(folder, ['a.log', '--rejects', './a.log']);
    expect([status, err]).toEqual([1, 'relaylog: --rejects must not be the file that is imported\n']);
    expect(readFileSync(join(folder, 'a.log'), 'utf8')).toBe(lines(3));
  });

  it('skips a byte order mark before the first line', async () => {
    const folder = await folderWithAcme();
    expect(JSON.parse((await run(folder, ['-'], `\uFEFF${lines(2)}`)).out)).toEqual(summary(2, 2, 0, 0));
  });

  it('warns if the plan does not show logs of that age', async () => {
    const folder = workFolder();
    await relaylog(['orgs', 'create', 'acme', '--plan', 'pro'], { folder });
    const { err } = await run(folder, ['-'], lines(3));
    expect(err).toContain(
      'older than the 90 days of the plan pro, so they are not visible. To make them visible, run: relaylog orgs set-plan acme archive',
    );
  });

  it('rejects lines of NDJSON as the ingest endpoint does, and gives up no other line for them', async () => {
    const folder = await folderWithAcme();
    const log = (id: string, requestBody = '1') =>
      `{"requestId":"${id}","createdAt":"2026-01-01T00:00:00Z","method":"GET","path":"/","statusCode":200,"requestBody":${requestBody}}`;
    const hostile = [
      '['.repeat(1_000_000),
      log('deep', '['.repeat(500_000) + ']'.repeat(500_000)),
      log('many', `[${'0,'.repeat(400_000)}0]`),
      `{"a":"${'w'.repeat(20_000_000)}"}`,
    ];
    const input = gzipSync(hostile.map((text, i) => `${text}\n${log(`good${i}`)}\n`).join(''));
    const args = ['-', '--format', 'ndjson', '--rejects', 'rejects.txt'];
    expect(JSON.parse((await run(folder, args, input)).out)).toEqual(summary(8, 4, 0, 4));
    const reasons = readFileSync(join(folder, 'rejects.txt'), 'utf8').split('\n');
    for (const [i, reason] of ['100 levels', '100 levels', '20000 JSON values', 'longer than'].entries()) {
      expect(reasons[i]).toContain(reason);
    }
  });
});
