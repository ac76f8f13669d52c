import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, readPage, withSections } from './pages.ts';
import { SECTIONS } from './sections.ts';

const MAX_IMAGE_BYTES = 250_000;
const MAX_IMAGES_BYTES = 1_200_000;

describe.each(PAGES)('%s', (page) => {
  const text = readPage(page);

  it('has up-to-date generated sections (npm run docs writes them)', () => {
    expect(text).toBe(withSections(text));
  });

  it('links only to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)|<img src="([^"]+)"/g)].map(
      ([, link, image]) => link ?? image!,
    );
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      expect([link, existsSync(target)]).toEqual([link, true]);
      if (anchor !== undefined)
        expect([link, anchorsOf(readPage(target))]).toEqual([link, expect.arrayContaining([anchor])]);
    }
  });

  it('names only files and folders that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|bench|tools|deploy|docs|examples)\/[\w/.-]+)`/g)].map(
      (match) => match[1]!,
    );
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names only what stands in the file that it names', () => {
    const named = [
      ...text.matchAll(/`(\w+)`(?: or `(\w+)`)? in `((?:src|test|bench|tools)\/[\w/.-]+\.ts)`/g),
    ];
    for (const [, ...names] of named) {
      const file = readFileSync(names.pop()!, 'utf8');
      const missing = names.filter((name) => name !== undefined && !new RegExp(`\\b${name}\\b`).test(file));
      expect(missing).toEqual([]);
    }
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

it('every generated section stands on one page', () => {
  const all = PAGES.map(readPage).join('\n');
  for (const name of Object.keys(SECTIONS))
    expect([name, all.split(`<!-- generated: ${name} -->`).length]).toEqual([name, 2]);
});

it('each image is on a page, and all of them are small', () => {
  const folder = 'docs/images';
  const all = PAGES.map(readPage).join('\n');
  const images = readdirSync(folder);
  const sizes = images.map((name) => statSync(join(folder, name)).size);
  expect(images.filter((name) => !all.includes(`images/${name}`))).toEqual([]);
  expect(sizes.filter((size) => size > MAX_IMAGE_BYTES)).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_IMAGES_BYTES);
});

it('the README is short enough to read', () => {
  expect(readPage('README.md').split('\n').length).toBeLessThanOrEqual(151);
});

it('the docs explain each dependency and nothing else', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const declared = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).sort();
  const named = [...readPage('docs/dependencies.md').matchAll(/^\| `([^`]+)`/gm)]
    .map((match) => match[1])
    .sort();
  expect(named).toEqual(declared);
});

it('SECURITY.md names tests that hold its promises', () => {
  expect([...readPage('SECURITY.md').matchAll(/`((?:src|test)\/[\w/.-]+)`/g)].length).toBeGreaterThan(10);
});
