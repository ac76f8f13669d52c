import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const FILE = new URL('./logger.ts', import.meta.url).href;

it('writes every line, even if more are logged at once than the file accepts', () => {
  const program = `
    const { createLogger } = await import('${FILE}');
    const logger = createLogger('info');
    for (let i = 0; i < 10_000; i++) logger.info({ i, text: 'x'.repeat(300) });`;
  const command = `"${process.execPath}" --input-type=module -e "$PROGRAM" 2>&1 | wc -l`;
  const lines = execFileSync('sh', ['-c', command], { env: { ...process.env, PROGRAM: program } });
  expect(Number(lines)).toBe(10_000);
});
