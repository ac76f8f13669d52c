import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Private terms of this project, each with the standard term to use instead. */
const PRIVATE_TERMS: readonly (readonly [RegExp, string])[] = [
  [/\bfaces?\b/i, 'endpoint, API'],
  [/under ?way/i, 'in flight'],
  [/\bmodest\b/i, 'within its share'],
  [/\b(draws?|drawn|drawing)\b/i, 'consume from a bucket; a request or decision'],
  [/\btoo dear\b|\bdear(er|est)\b/i, 'the cost exceeds the limit'],
  [/\b(body|its|leaves?|no|their) room\b|\bRoom\b/, 'memory budget'],
  [/\bdesk\b/i, 'memory budget'],
  [/\bask(er)s?\b(?<=er)|\bwho(ever)? asks\b|\bwho may ask\b/i, 'caller, viewer'],
  [/\btold\b(?= =|[),:;\]])|\bnoted?\(/, 'response, recorded, reported'],
  [/\breckon/i, 'compute, count'],
  [/\bgo-?on\b(?=[ :]check)|GO_ON/, 'stop check'],
];

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['bin', 'examples', 'src', 'test', 'tools', 'bench', 'docs'];
const FILES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'schema.graphql',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|js|cjs|mjs|md)$/.test(file) && !file.includes('node_modules'))
      .map((file) => join(folder, file)),
  ),
].filter((file) => file !== 'test/words.test.ts');

it("uses the field's standard terms", () => {
  const found = FILES.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        PRIVATE_TERMS.filter(([word]) => word.test(line)).map(
          ([, better]) => `${file}:${i + 1} say ${better}: ${line.trim()}`,
        ),
      ),
  );
  expect(FILES.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});
