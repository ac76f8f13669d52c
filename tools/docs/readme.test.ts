import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readReadme, SECTIONS, withSections } from './sections.ts';

it('the generated sections of the README are up to date (npm run readme writes them)', () => {
  const readme = readReadme();
  expect(readme).toBe(withSections(readme));
  for (const name of Object.keys(SECTIONS)) expect(readme).toContain(`<!-- generated: ${name} -->`);
});

it('the README explains each dependency and nothing else', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const declared = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).sort();
  const [, section = ''] = /## Dependencies\n([\s\S]*?)\n## /.exec(`${readReadme()}\n## `) ?? [];
  const named = [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]).sort();
  expect(named).toEqual(declared);
});

it('every folder that the README names exists', () => {
  const named = [...readReadme().matchAll(/`(src\/[\w/-]+|test\/[\w/-]+|bench)\/?`/g)].map(
    (match) => match[1]!,
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((folder) => !existsSync(folder))).toEqual([]);
});

it('every test that SECURITY.md names exists', () => {
  const named = [...readFileSync('SECURITY.md', 'utf8').matchAll(/`((?:src|test)\/[\w/.-]+)`/g)].map(
    (match) => match[1]!,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

it('every request body in the README is valid JSON after shell quoting', () => {
  const bodies = [...readReadme().matchAll(/ -d '([^']*)'/g)].map((match) => match[1]!);
  expect(bodies.length).toBeGreaterThan(1);
  for (const body of bodies) expect(() => JSON.parse(body)).not.toThrow();
});
