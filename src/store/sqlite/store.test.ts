import { describeStats } from '../../../test/store/stats-suite.ts';
import { describeStore } from '../../../test/store/suite.ts';
import { temporaryStoreUrl } from '../../../test/store/temporary.ts';
import { openStore } from '../open-store.ts';

const [threads, inline] = [temporaryStoreUrl(), temporaryStoreUrl()];
describeStore('SQLite, with worker threads', () => openStore(threads));
describeStore('SQLite, in the calling thread', () => openStore(inline, { inline: true }));
describeStats('SQLite, with worker threads', () => openStore(temporaryStoreUrl()), 10);
describeStats('SQLite, in the calling thread', () => openStore(temporaryStoreUrl(), { inline: true }), 14);
