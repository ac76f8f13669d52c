import { execFileSync } from 'node:child_process';
import { MongoClient } from 'mongodb';
import { readExplain } from '../../src/store/mongo/query/explain.ts';
import { listed, MONGODB_URLS, testDatabase } from '../support/mongodb.ts';

export { databaseUrl, testDatabase } from '../support/mongodb.ts';

/** A MongoDB server under test and its capabilities, which are detected at run time, so any server can be used. */
export interface Server {
  readonly name: string;
  readonly url: string;
  /** A script that kills and resumes the server; null if there is none. */
  readonly script: string | null;
  /** Whether it rejects documents that violate the validator of their collection. */
  readonly enforcesValidators: boolean;
  /** Whether it can sort by index order instead of in memory. */
  readonly sortsByIndex: boolean;
  /** Whether it supports the fail point `failCommand`. */
  readonly hasFailPoints: boolean;
  /** Whether it runs commands one after the other (SecantusDB, in Python), so a slow command delays all others. */
  readonly isSerial: boolean;
}

const scripts = listed('RELAYLOG_TEST_MONGODB_SCRIPTS');

if (MONGODB_URLS.length === 0) {
  throw new Error(
    'RELAYLOG_TEST_MONGODB_URLS must list one or more MongoDB URLs, separated by spaces. On Debian, `.ci/servers/with npm run test:servers` starts two servers.',
  );
}

/** The servers of RELAYLOG_TEST_MONGODB_URLS. */
export const SERVERS: readonly Server[] = await Promise.all(
  MONGODB_URLS.map((url, i) => examine(url, scripts[i] ?? null)),
);

async function examine(url: string, script: string | null): Promise<Server> {
  return withClient(url, async (client) => {
    const db = client.db(testDatabase());
    try {
      const build = await db.admin().command({ buildInfo: 1 });
      const hello = await db.admin().command({ hello: 1 });
      await db.createCollection('c');
      await db.command({ collMod: 'c', validator: { a: 1 } });
      await db.collection('c').createIndex({ a: 1, b: 1 }, { name: 'ab' });
      const bad = db.collection('c').insertOne({ a: 2 });
      const enforcesValidators = await bad.then(
        () => false,
        () => true,
      );
      const plan = await db
        .collection('c')
        .find({ a: 1 }, { hint: 'ab', sort: { b: -1 } })
        .explain();
      const failPoint = db.admin().command({ configureFailPoint: 'failCommand', mode: 'off' });
      const isSecantus = hello.setName === 'secantus';
      return {
        name: build.ferretdb ? 'DocumentDB' : isSecantus ? 'SecantusDB' : `MongoDB ${build.version}`,
        url,
        script,
        enforcesValidators,
        sortsByIndex: !readExplain(plan).sortsRows,
        hasFailPoints: await failPoint.then(
          () => true,
          () => false,
        ),
        isSerial: isSecantus,
      };
    } finally {
      await db.dropDatabase();
    }
  });
}

export async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export async function dropDatabase(server: Server, database: string): Promise<void> {
  await withClient(server.url, (client) => client.db(database).dropDatabase());
}

/** Kills the server, or starts it again with its data. */
export function control(server: Server, action: 'kill' | 'resume'): void {
  execFileSync(server.script!, [action], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Sets the fail point `failCommand`. */
export async function failing(
  server: Server,
  mode: 'off' | 'alwaysOn' | { times: number },
  data: object,
): Promise<void> {
  await withClient(server.url, (client) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, data }),
  );
}
