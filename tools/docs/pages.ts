import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECTIONS } from './sections.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Paths of all pages that people read, from the root of the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

const MARKED = /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** Returns the text with each marked section regenerated. @throws Error if a mark names no section. */
export function withSections(text: string): string {
  return text.replace(MARKED, (_, start: string, name: string, end: string) => {
    const section = SECTIONS[name];
    if (section === undefined) throw new Error(`There is no generated section ${name}.`);
    return `${start}\n${section()}\n\n${end}`;
  });
}

/** Writes the generated sections of every page. */
export function writePages(): void {
  for (const page of PAGES) {
    const text = readPage(page);
    const written = withSections(text);
    if (written !== text) writeFileSync(join(ROOT, page), written);
  }
}
