import { describeCopy } from './conformance/copy-suite.ts';
import { temporaryStoreUrl } from './conformance/temporary.ts';
import { openStore } from './open-store.ts';

describeCopy('from SQLite to SQLite', async () => ({
  from: await openStore(temporaryStoreUrl(), { inline: true }),
  to: await openStore(temporaryStoreUrl(), { inline: true }),
}));
