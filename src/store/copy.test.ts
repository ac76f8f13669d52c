import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCopy } from './conformance/copy-suite.ts';
import { openStore } from './open-store.ts';

const temporary = () => `sqlite:${join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db')}`;

describeCopy('from SQLite to SQLite', async () => ({
  from: await openStore(temporary(), { inline: true }),
  to: await openStore(temporary(), { inline: true }),
}));
