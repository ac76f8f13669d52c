import { expect, it, vi } from 'vitest';
import { demoLogs } from '../../src/demo/demo-logs.ts';
import { Charge } from '../../src/limits/charge.ts';
import { TEST_NOW, testApp } from '../support/app.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ExpensiveDocument, ExpensiveDocuments } from './expensive-document.ts';
import { trials } from './trials.ts';

const DOCUMENTS = trials('RELAYLOG_LONG_EXPENSIVE_DOCUMENTS', 5_000);
/** Times a request is repeated while it is measured, at first and at the end. */
const [QUICK, THOROUGH] = [3, 20];
/** A restart of the search after so many changes that did not help. */
const PATIENCE = 60;
/** Milliseconds of the main thread for a unit of cost, beside those of a page that was not seen before. */
const MOST = 25;
/** Milliseconds of the main thread before a payment. */
const MOST_UNPAID_MS = 10;

/** A page of a hundred rows with eleven fields. */
const PAGE =
  '{ requestLogs(first: 100) { edges { cursor node { id createdAt method path statusCode durationMs routePattern apiKeyId errorType } } pageInfo { hasNextPage endCursor } } }';

interface Measured {
  /** Milliseconds of the main thread beyond those of the smallest request. */
  readonly ms: number;
  readonly cost: number;
  /** The longest stretch before a payment, in milliseconds. */
  readonly unpaid: number;
  readonly answer: string;
}

it(`of ${DOCUMENTS} documents, the one with the most CPU time for each unit of cost takes at most ${MOST} times what a page takes`, async () => {
  const app = await testApp();
  const keys = { all: await app.key('acme'), few: await app.key('acme', ['logs:read']) };
  await app.store.insert(demoLogs({ organizationId: 'acme', count: 1_000, days: 1, now: TEST_NOW }));
  const payments: { at: number; done: number; paid: number }[] = [];
  const { pay } = Charge.prototype;
  vi.spyOn(Charge.prototype, 'pay').mockImplementation(async function (this: Charge, cost) {
    const [at, before] = [performance.now(), this.cost];
    try {
      await pay.call(this, cost);
    } finally {
      payments.push({ at, done: performance.now(), paid: this.cost - before });
    }
  });
  let count = 0;
  const once = async (body: object, key: string) => {
    payments.length = 0;
    const start = performance.now();
    const response = await app.post(key, body);
    const answer = await response.text();
    const ms = performance.now() - start;
    const unpaid = Math.max(...payments.map(({ at }, i) => at - (payments[i - 1]?.done ?? start)));
    return { ms, unpaid, answer, cost: payments.reduce((sum, { paid }) => sum + paid, 0) };
  };
  const smallest = (name: string) => ({ query: `query ${name} { __typename }` });
  const measured = async (
    request: (name: string) => object,
    key: string,
    times: number,
  ): Promise<Measured> => {
    const all: Awaited<ReturnType<typeof once>>[] = [];
    let smallestMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times; i++) {
      all.push(await once(request(`q${count++}`), key));
      // In turns, so that other work of the machine slows both.
      smallestMs = Math.min(smallestMs, (await once(smallest(`q${count++}`), key)).ms);
    }
    const least = (of: 'ms' | 'unpaid') => Math.min(...all.map((one) => one[of]));
    return { ...all[0]!, ms: Math.max(0, least('ms') - smallestMs), unpaid: least('unpaid') };
  };
  const page = (name: string) => ({ query: `query ${name} ${PAGE}` });
  for (let i = 0; i < 3; i++) await measured(page, keys.all, 50);
  const perUnit = ({ ms, cost }: Measured) => ms / Math.max(1, cost);

  const random = seededRandom(trials('RELAYLOG_LONG_SEED', 1));
  const documents = new ExpensiveDocuments(random);
  const found: Found[] = [];
  let longest: { unpaid: number; document: ExpensiveDocument; key: string } | null = null;
  let best: Found | null = null;
  for (let i = 0, idle = 0; i < DOCUMENTS; i++, idle++) {
    if (idle > PATIENCE) {
      if (best !== null) found.push(best);
      [best, idle] = [null, 0];
    }
    const start = KNOWN[found.length] ?? documents.any();
    const document: ExpensiveDocument = best === null ? start : documents.changed(best.document);
    const key: string = best?.key ?? (found.length % 2 === 0 ? keys.few : keys.all);
    const request = (name: string) => documents.request(document, name);
    const seen = await measured(request, key, QUICK);
    if (seen.unpaid > (longest?.unpaid ?? 0)) longest = { unpaid: seen.unpaid, document, key };
    if (best !== null && perUnit(seen) <= best.msPerUnit) continue;
    // Other processes of the machine make some measurements too long.
    const msPerUnit = perUnit(await measured(request, key, THOROUGH));
    if (best === null || msPerUnit > best.msPerUnit) [best, idle] = [{ document, key, msPerUnit }, 0];
  }
  if (best !== null) found.push(best);

  const typical = perUnit(await measured(page, keys.all, 200));
  const worst = [];
  for (const { document, key } of found.toSorted((a, b) => b.msPerUnit - a.msPerUnit).slice(0, 10)) {
    const seen = await measured((name) => documents.request(document, name), key, THOROUGH);
    const { query, variables } = documents.request(document, 'q');
    worst.push({
      times: perUnit(seen) / typical,
      ms: seen.ms,
      cost: seen.cost,
      unpaid: seen.unpaid,
      query: query.replaceAll(/\n+/g, ' … ').slice(0, 400),
      variables: JSON.stringify(variables).slice(0, 60),
      answer: seen.answer.slice(0, 120),
    });
  }
  worst.sort((a, b) => b.times - a.times);
  console.log({ 'a page, units/ms': 1 / typical, searches: found.length });
  console.log(worst);
  const { document, key } = longest!;
  const slow = await measured((name) => documents.request(document, name), key, THOROUGH);
  console.log({
    'longest before a charge, ms': slow.unpaid,
    of: JSON.stringify(documents.request(document, 'q'))
      .replaceAll(/(\\n)+/g, ' … ')
      .slice(0, 300),
  });
  await app.close();
  expect(worst[0]!.times).toBeLessThan(MOST);
  expect(slow.unpaid).toBeLessThan(MOST_UNPAID_MS);
});

/** `field` several times, for the first searches to start from. */
const part = (field: string, times = 1, below: ExpensiveDocument['parts'] = [], args = '') => ({
  ...{ field, args, times, aliased: false, inFragments: false },
  below,
});
const only = (...parts: ExpensiveDocument['parts']): ExpensiveDocument => ({
  ...{ parts, lines: 0, operations: 1, objects: 0, numbers: 0 },
});
const ERRORS = part(
  'requestLogs',
  1,
  [part('nodes', 1, [{ ...part('ipAddress', 28), aliased: true }])],
  '(first: 100)',
);
const MEASURES = part('requestLogStats', 1, [
  part('measures', 1, [part('billedUnits', 28), part('clientErrorRate')]),
]);
/** In turns for the key with few scopes and for the one with all. */
const KNOWN: readonly ExpensiveDocument[] = [
  only(ERRORS),
  only(part('viewer', 280, [part('limits', 1, [part('queryCost')])])),
  only(part('requestLogs', 1, [part('nodes', 1, [part('id', 1_900)])])),
  only(MEASURES),
  only(ERRORS, MEASURES),
];

interface Found {
  readonly document: ExpensiveDocument;
  readonly key: string;
  /** Milliseconds for a unit of cost. */
  readonly msPerUnit: number;
}
