import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { panelLabel } from '../../web/src/graphql-dialog/panel-label.ts';

const SOURCES = join(import.meta.dirname, '../../web/src');
/** Operations of which no component shows the answer as it is: counts and suggestions that come and go, and further pages. */
const NOT_SHOWN = ['useNewLogCountQuery', 'useValuesQuery'];

test('the operation of each panel has a name for people', () => {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('__generated__'))
    .flatMap((file) => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/^\s*query (\w+Query)\b/gm)])
    .map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => panelLabel(name) === name).sort()).toEqual(NOT_SHOWN);
});
