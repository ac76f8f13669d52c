import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '../conformance/suite.ts';
import { openStore } from '../open-store.ts';

const file = () => join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');

describeStore('SQLite, with worker threads', () => openStore(`sqlite:${file()}`));
describeStore('SQLite, in the calling thread', () => openStore(`sqlite:${file()}`, { inline: true }));
