import { afterAll, describe } from 'vitest';
import { describeStore } from '../../src/store/conformance/suite.ts';
import { openStore } from '../../src/store/open-store.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

describe.each(SERVERS)('on $name', (server) => {
  const database = testDatabase();
  describeStore(server.name, () => openStore(databaseUrl(server, database)), 100);
  afterAll(() => dropDatabase(server, database));
});
