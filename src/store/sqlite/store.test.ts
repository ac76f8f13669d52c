import { describeStore } from '../conformance/suite.ts';
import { temporaryStoreUrl } from '../conformance/temporary.ts';
import { openStore } from '../open-store.ts';

describeStore('SQLite, with worker threads', () => openStore(temporaryStoreUrl()));
describeStore('SQLite, in the calling thread', () => openStore(temporaryStoreUrl(), { inline: true }));
