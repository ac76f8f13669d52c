import { expect, it } from 'vitest';
import { describeCopy } from '../../test/store/copy-suite.ts';
import { recorded, sampleLog } from '../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../test/store/temporary.ts';
import { copyStore } from './copy.ts';
import { openStore } from './open-store.ts';

describeCopy('from SQLite to SQLite', async () => ({
  from: await openStore(temporaryStoreUrl(), { inline: true }),
  to: await openStore(temporaryStoreUrl(), { inline: true }),
}));

it('compares what it has read, so that logs that arrive during a first copy are no difference; the next run copies them', async () => {
  const from = await openStore(temporaryStoreUrl(), { inline: true });
  const to = await openStore(temporaryStoreUrl(), { ingest: true });
  await from.createOrganization({ id: 'acme', plan: 'pro', createdAt: 1 });
  const log = (i: number) =>
    recorded(sampleLog({ organizationId: 'acme', requestId: `r${i}`, createdAt: 1_000 + i }));
  await from.insert(Array.from({ length: 5_000 }, (_, i) => log(i)));
  let arrived = 0;
  const onProgress = ({ step }: { step: string }) => {
    // The last log is committed before the target is read.
    if (step === 'checking the target' && arrived++ === 0) void from.insert([log(-1), log(5_000)]);
  };
  expect(await copyStore(from, to, { onProgress })).toMatchObject([
    { stored: 5_000, same: true, to: { logs: 5_000 } },
  ]);
  expect(arrived).toBeGreaterThan(0);
  expect(await copyStore(from, to)).toMatchObject([{ stored: 2, same: true, to: { logs: 5_002 } }]);
  await Promise.all([from.close(), to.close()]);
});
