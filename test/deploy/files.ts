import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A service of docker-compose.yml, as far as tests look at it. */
interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly init?: boolean;
  readonly restart: string;
  readonly read_only: boolean;
  readonly tmpfs: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly networks?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function read(file: string): string {
  return readFileSync(new URL(file, new URL('../../', import.meta.url)), 'utf8');
}

/** docker-compose.yml, with its anchors merged. */
export function readCompose(): Compose {
  return parse(read('docker-compose.yml'), { merge: true });
}

/** The instructions of the Dockerfile's last stage, by name; each value is the text after the name. */
export function readImage(): ReadonlyMap<string, string[]> {
  const [, stage = ''] = /[\s\S]*\n(FROM [\s\S]*)$/.exec(read('Dockerfile')) ?? [];
  const lines = stage.split('\n').filter((line) => /^[A-Z]/.test(line));
  const named = Map.groupBy(lines, (line) => line.slice(0, line.indexOf(' ')));
  return new Map([...named].map(([name, texts]) => [name, texts.map((line) => line.slice(name.length + 1))]));
}

/** The environment variables of the image. */
export function imageEnvironment(): Record<string, string> {
  const assignments = readImage()
    .get('ENV')!
    .join(' ')
    .matchAll(/(\w+)=(\S+)/g);
  return Object.fromEntries([...assignments].map(([, name, value]) => [name!, value!]));
}
