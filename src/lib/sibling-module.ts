/**
 * Returns the URL of a module relative to the calling module, for example the file of a worker thread. The sources run as
 * `.ts`, the built package as `.js`.
 *
 * @param path relative path of the source file, `./….ts`.
 * @param importer `import.meta.url` of the calling module.
 */
export function siblingModule(path: string, importer: string): URL {
  return new URL(importer.endsWith('.ts') ? path : path.replace(/\.ts$/, '.js'), importer);
}
