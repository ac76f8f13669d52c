import { randomUUID } from 'node:crypto';

/** The entries of an environment variable, separated by blanks. */
export function listed(variable: string): string[] {
  return process.env[variable]?.split(/\s+/).filter((entry) => entry !== '') ?? [];
}

/** The servers to test on. */
export const MONGODB_URLS: readonly string[] = listed('RELAYLOG_TEST_MONGODB_URLS');

/** A unique name for a test database. */
export function testDatabase(): string {
  return `relaylog_test_${randomUUID().slice(0, 8)}`;
}

/** The server's URL with the database in its path. */
export function databaseUrl({ url }: { readonly url: string }, database: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*/, `$1/${database}`);
}
