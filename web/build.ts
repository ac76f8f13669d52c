import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/*
 * Builds the explorer page into `web/dist`: compiles its GraphQL operations, bundles it, and compresses each file with brotli
 * and gzip. npm runs this after it installed a clone.
 */
const GENERATED = 'src/__generated__';
/** The weights, characters and features (kerning, ligatures, equal digits, shapes of letters) that the page itself uses. */
const FONT_WEIGHTS = { min: 400, max: 600 };
const FONT_FEATURES = ['kern', 'mark', 'calt', 'ccmp', 'tnum', 'cv11', 'ss03'];
const FONT_CHARACTERS = `${String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i))}…–—×·±→−“”‘’`;

// Whoever started this, such as a test: React would be its slow development version otherwise.
process.env.NODE_ENV = 'production';
process.chdir(import.meta.dirname);
const vite = await import('vite').catch(() => null);
if (vite === null) {
  console.log('The explorer page was not built, because the development dependencies are not installed.');
} else {
  mkdirSync(GENERATED, { recursive: true });
  compileOperations();
  await subsetFont();
  await vite.build({ logLevel: 'warn' });
  compressFiles(join(import.meta.dirname, 'dist/assets'));
}

function compileOperations(): void {
  const compiler = fileURLToPath(import.meta.resolve('relay-compiler/cli.js'));
  execFileSync(process.execPath, [compiler, 'relay.config.json', '--output', 'quiet-with-errors'], {
    stdio: 'inherit',
  });
}

/** Without accented letters the font has 21 kB instead of 48; `font.css` loads the others if a text needs them. */
async function subsetFont(): Promise<void> {
  const { default: subset } = await import('subset-font');
  const file = import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');
  // Its types do not know `keepFeatures`.
  const options = {
    targetFormat: 'woff2' as const,
    variationAxes: { wght: FONT_WEIGHTS },
    keepFeatures: FONT_FEATURES,
  };
  const font = await subset(readFileSync(fileURLToPath(file)), FONT_CHARACTERS, options);
  writeFileSync(join(GENERATED, 'inter-basic.woff2'), font);
}

function compressFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: quality }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}
