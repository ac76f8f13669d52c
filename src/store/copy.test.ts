import { describeCopy } from '../../test/store/copy-suite.ts';
import { temporaryStoreUrl } from '../../test/store/temporary.ts';
import { openStore } from './open-store.ts';

describeCopy('from SQLite to SQLite', async () => ({
  from: await openStore(temporaryStoreUrl(), { inline: true }),
  to: await openStore(temporaryStoreUrl(), { inline: true }),
}));
