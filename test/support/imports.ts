import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Paths relative to the folder of all files. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The source files of a folder without tests and generated ones. */
export function sourcesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(tsx?|js)$/.test(file) && !/\.test\.ts$|__generated__/.test(file),
  );
}

/** The imports of other files, also of those outside of the folder, which begin with `..`. */
export function importsOf(root: string, files: readonly string[]): readonly Import[] {
  return files.flatMap((from) => {
    const source = readFileSync(join(root, from), 'utf8');
    const specifiers = source.matchAll(/(?:from |import\(|import |URL\(|siblingModule\()'(\.[^']+)'/g);
    return [...specifiers].map(([, to]) => ({ from, to: normalize(join(dirname(from), to!)) }));
  });
}

/** A file and all files that are loaded with it: not those of types, of other threads, and of `import()`. */
export function loadedWith(root: string, entry: string): ReadonlySet<string> {
  const loaded = new Set<string>([entry]);
  // Files that are added on the way are visited too.
  for (const from of loaded) {
    const source = readFileSync(join(root, from), 'utf8');
    for (const [, isType, to] of source.matchAll(/^(?:import|export)( type)? [^;]*?'(\.[^']+)';$/gm)) {
      if (isType === undefined) loaded.add(normalize(join(dirname(from), to!)));
    }
  }
  return loaded;
}

/** The first part of a path; `.` for a file that is in no folder. */
export const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '.');

/** Each cycle as the list of its files. */
export function cyclesOf(files: readonly string[], imports: readonly Import[]): readonly string[][] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return cycles;
}
