import { describeCopy } from './conformance/copy-suite.ts';
import { openStore } from './open-store.ts';

describeCopy('from SQLite to SQLite', async () => ({
  from: await openStore('sqlite::memory:', { inline: true }),
  to: await openStore('sqlite::memory:', { inline: true }),
}));
