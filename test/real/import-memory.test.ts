import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { ended, relaylog, startRelaylog, workFolder } from '../support/cli.ts';

const LIMIT_MIB = 400;

/** Peak resident memory of a running process, in MiB (VmHWM of proc(5)). @throws Error if the process has ended. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

it(`an import uses at most ${LIMIT_MIB} MiB, regardless of the file size`, async () => {
  const folder = workFolder();
  await relaylog(['orgs', 'create', 'acme', '--plan', 'archive'], { folder });
  const peaks: number[] = [];
  for (const count of [30_000, 300_000]) {
    const file = createWriteStream(join(folder, `${count}.log`));
    for (let i = 0; i < count; i++) {
      const second = new Date(Date.UTC(2026, 0, 1) + i * 40).toISOString();
      const time = `01/Jan/2026:${second.slice(11, 19)} +0000`;
      const line = `10.0.${i % 250}.1 - - [${time}] "GET /page/${i}?q=${'x'.repeat(i % 400)} HTTP/1.1" 200 ${i} "https://h/" "Mozilla/5.0"\n`;
      if (!file.write(line)) await new Promise((drained) => file.once('drain', drained));
    }
    file.end();
    await finished(file);
    // Disable Node's compile cache, as on a new machine.
    const environment = { NODE_DISABLE_COMPILE_CACHE: '1' };
    const child = startRelaylog(['import', `${count}.log`, '--org', 'acme', '--json'], {
      folder,
      environment,
    });
    let peak = 0;
    const poll = setInterval(() => {
      try {
        peak = peakMemory(child.pid!) || peak;
      } catch {
        // The process has just ended.
      }
    }, 50);
    const { out } = await ended(child);
    clearInterval(poll);
    expect(JSON.parse(out)).toMatchObject({ read: count, rejected: 0 });
    peaks.push(peak);
  }
  console.log(
    `peak memory in MiB: ${peaks.map((peak) => peak.toFixed(0)).join(' for 30,000 lines, ')} for 300,000`,
  );
  expect(Math.max(...peaks)).toBeLessThanOrEqual(LIMIT_MIB);
});
