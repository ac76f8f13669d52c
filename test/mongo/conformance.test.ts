import { afterAll, describe } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { describeStats } from '../store/stats-suite.ts';
import { describeStore } from '../store/suite.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

describe.each(SERVERS)('on $name', (server) => {
  const database = testDatabase();
  // Each run builds roll-ups three times, which takes a minute on a serial server. The long run has more.
  describeStats(server.name, () => openStore(databaseUrl(server, database)), server.isSerial ? 3 : 8);
  describeStore(server.name, () => openStore(databaseUrl(server, database)), 100);
  afterAll(() => dropDatabase(server, database));
});
