import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/*
 * Builds the explorer page into `web/dist`: compiles its GraphQL operations, bundles it, and compresses each file with brotli
 * and gzip. npm runs this after it installed a clone.
 */
process.chdir(import.meta.dirname);
const vite = await import('vite').catch(() => null);
if (vite === null) {
  console.log('The explorer page was not built, because the development dependencies are not installed.');
} else {
  compileOperations();
  await vite.build({ logLevel: 'warn' });
  compressFiles(join(import.meta.dirname, 'dist/assets'));
}

function compileOperations(): void {
  mkdirSync('src/__generated__', { recursive: true });
  const compiler = fileURLToPath(import.meta.resolve('relay-compiler/cli.js'));
  execFileSync(process.execPath, [compiler, 'relay.config.json', '--output', 'quiet-with-errors'], {
    stdio: 'inherit',
  });
}

function compressFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: quality }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}
