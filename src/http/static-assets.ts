import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gzip } from 'node:zlib';
import { memoized } from '../lib/memoized.ts';
import { acceptedEncoding } from './compress.ts';

/** A file of a page, before it has an address. */
interface AssetSource {
  /** File name with its extension, which gives the content type. */
  readonly name: string;
  readonly content: string | Buffer;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};

interface Asset {
  readonly contentType: string;
  /** The content is kept compressed only: the scripts of GraphiQL are 9 MB otherwise. */
  readonly br: Buffer<ArrayBuffer>;
  readonly gzip: Buffer<ArrayBuffer>;
}

/** Where browsers load the files from. */
export const ASSETS = '/assets';

/** The files of a page: their paths by their names, and what is served at them. */
interface AssetGroup {
  readonly paths: Readonly<Record<string, string>>;
  readonly assets: ReadonlyMap<string, Asset>;
}

/** Loads a group once for the process, when it is first needed. */
type LoadAssets = () => Promise<AssetGroup>;

/**
 * Declares the files of a page. Their paths contain a hash of their content, so that browsers may keep them for ever. They are
 * loaded and compressed once for the process, when the first of them is needed.
 */
export function assetGroup(sources: () => Promise<readonly AssetSource[]>): LoadAssets {
  return memoized(() => sources().then(compressed));
}

/**
 * Declares the files of a page that a bundler built: their names have a hash of their content, and beside each one are its
 * compressed forms, with the endings `.br` and `.gz`.
 *
 * @param folder absolute path.
 */
export function builtAssetGroup(folder: string): LoadAssets {
  // If the page is not built yet, the next call tries again.
  return memoized(() => readBuilt(folder));
}

async function readBuilt(folder: string): Promise<AssetGroup> {
  const names = (await readdir(folder)).filter((name) => HASHED_NAME.test(name));
  const read = (name: string) => readFile(join(folder, name)) as Promise<Buffer<ArrayBuffer>>;
  const files = await Promise.all(
    names.map(async (name) => {
      const [br, gzip] = await Promise.all([read(`${name}.br`), read(`${name}.gz`)]);
      return [name, { contentType: contentTypeOf(name), br, gzip }] as const;
    }),
  );
  return {
    paths: Object.fromEntries(names.map((name) => [name, `${ASSETS}/${name}`])),
    assets: new Map(files),
  };
}

const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
const contentTypeOf = (name: string) => CONTENT_TYPES[extensionOf(name)]!;

async function compressed(sources: readonly AssetSource[]): Promise<AssetGroup> {
  const files = await Promise.all(
    sources.map(async ({ name, content }) => {
      const bytes = Buffer.from(content);
      const extension = extensionOf(name);
      const file = `${name.slice(0, -extension.length)}${hash('sha256', bytes).slice(0, 16)}.${extension}`;
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(bytes, BROTLI),
        promisify(gzip)(bytes, { level: 9 }),
      ]);
      return { name, file, asset: { contentType: contentTypeOf(name), br, gzip: gz } };
    }),
  );
  return {
    paths: Object.fromEntries(files.map(({ name, file }) => [name, `${ASSETS}/${file}`])),
    assets: new Map(files.map(({ file, asset }) => [file, asset])),
  };
}

/** The files of all pages that an app serves. */
export class StaticAssets {
  readonly #groups: LoadAssets[] = [];

  /** Serves the files of a page as well. */
  add(group: LoadAssets): void {
    this.#groups.push(group);
  }

  /** Responds to a request for one of the files; 404 if there is no such file. */
  async respond({ url, headers }: Request): Promise<Response> {
    const file = new URL(url).pathname.slice(ASSETS.length + 1);
    const asset = HASHED_NAME.test(file) ? await this.#find(file) : undefined;
    if (asset === undefined) return new Response('There is no such file.\n', { status: 404 });
    const etag = `"${file}"`;
    const common = { ...IMMUTABLE, etag };
    if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: common });
    const encoding = acceptedEncoding(headers);
    const body = encoding === null ? await promisify(brotliDecompress)(asset.br) : asset[encoding];
    return new Response(body, {
      headers: {
        ...common,
        'content-type': asset.contentType,
        'content-length': String(body.length),
        ...(encoding !== null && { 'content-encoding': encoding }),
      },
    });
  }

  /** Behind a load balancer, another process may have served the page, so the groups may not be loaded yet. */
  async #find(file: string): Promise<Asset | undefined> {
    for (const load of this.#groups) {
      const asset = (await load().catch(() => null))?.assets.get(file);
      if (asset !== undefined) return asset;
    }
    return undefined;
  }
}

const HASHED_NAME = /^[a-z-]+\.[0-9a-f]{16}\.[a-z0-9]+$/;

const IMMUTABLE = {
  'cache-control': 'public, max-age=31536000, immutable',
  vary: 'Accept-Encoding',
  'x-content-type-options': 'nosniff',
} as const;

/** The scripts of GraphiQL become 1.94 MB in 0.2 s; level 11 gives 1.71 MB in 14 s. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
