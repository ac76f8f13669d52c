import { afterAll, describe } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { describeStats } from '../store/stats-suite.ts';
import { describeStore } from '../store/suite.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

describe.each(SERVERS)('on $name', (server) => {
  const database = testDatabase();
  // Roll-ups of each set are built three times, which takes long on a serial server.
  const sets = server.isSerial ? 3 : 8;
  const long = server.isSerial ? { sets: 50, questions: 200 } : undefined;
  describeStats(server.name, () => openStore(databaseUrl(server, database)), sets, long);
  describeStore(server.name, () => openStore(databaseUrl(server, database)), 100);
  afterAll(() => dropDatabase(server, database));
});
