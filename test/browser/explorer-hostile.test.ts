import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatNumber } from '../../web/src/format/number.ts';
import { ask, ingest } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

/** What would run sets `ran`, ask another host or open a dialog. */
const TEXTS = [
  '<script>ran=1;alert(1)</script>',
  '</script><script>ran=1</script>',
  '<img src=x onerror=ran=1>',
  '"><img src="http://evil.test/pixel" onerror="ran=1">',
  "'><iframe src='javascript:parent.ran=1'></iframe>",
  '<svg onload=ran=1><animate onbegin=ran=1></svg>',
  '<a href="javascript:ran=1">click</a>',
  'javascript:ran=1//',
  '" onmouseover="ran=1" onfocus="ran=1" autofocus style="position:fixed;inset:0" x="',
  '</textarea></title></style><style>@import "http://evil.test/x"</style>',
  '<base href="http://evil.test/"><meta http-equiv=refresh content="0;url=http://evil.test/">',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is for other templates
  '{{constructor.constructor("ran=1")()}} ${ran=1} #{ran=1} <%= ran=1 %>',
  '%s %n %d %(x)s {0} \\u003cscript\\u003e &lt;script&gt;',
  '\u202egnp.exe \u2066isolated \u200fright \ufeff end',
  'bell\u0007 escape\u001b[2J tab\t lines\r\nnext\u2028separator',
  `'; $(touch ran) \`touch ran\` | touch ran & "$HOME" \\`,
  '__proto__',
  'constructor',
  '-status:5xx OR none ,a..b >1 ~x ^y "quoted\\"',
];
/** As deep as ingest takes it within a log. */
const DEEP = 97;

let deepest: unknown = TEXTS[2];
for (let i = 0; i < DEEP; i++) deepest = i % 2 === 0 ? [deepest] : { level: deepest };

/** As an own property. */
const proto = (value: unknown) => JSON.parse(`{"__proto__":${JSON.stringify(value)}}`) as object;

const LOGS = TEXTS.map((text, index) => ({
  requestId: `${index}${text}`,
  createdAt: Date.now() - 60_000 - index,
  method: 'POST',
  path: `/${text}`,
  statusCode: index % 2 === 0 ? 500 : 404,
  durationMs: 2_000 + index,
  routePattern: text,
  host: text,
  service: text,
  endpointType: text,
  authType: text,
  apiKeyId: text,
  apiKeyPrefix: text,
  consumerId: text,
  errorType: text,
  errorDetail: text,
  ipAddress: text,
  userAgent: text,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  requestHeaders: {
    'content-type': 'application/json',
    [text]: text,
    'x-list': [text, text],
    ...proto(text),
  },
  requestBody: { [text]: text, list: [text, { [text]: null }], half: '\ud800', ...proto({ polluted: text }) },
  responseHeaders: { 'content-type': 'text/html' },
  responseBody: `<!doctype html><p title="${text}">${text}</p>`,
}));
const LONG = {
  ...LOGS[2]!,
  requestId: 'long',
  path: `/${TEXTS[3]!.repeat(300)}`.slice(0, 8_192),
  routePattern: `/${TEXTS[4]!.repeat(300)}`.slice(0, 8_192),
  errorDetail: TEXTS[2]!.repeat(300).slice(0, 4_096),
  requestBody: deepest,
  responseHeaders: { 'content-type': 'application/json' },
  responseBody: { truncated: true, beginning: TEXTS[0], originalBytes: 1e9 },
};
const FORGED = {
  ...LOGS[0]!,
  requestId: 'forged',
  requestBody: { omitted: true, reason: TEXTS[2], contentType: TEXTS[3] },
  responseBody: {
    toString: TEXTS[0],
    valueOf: 1,
    $$typeof: 'react.element',
    type: 'img',
    props: { src: 'x' },
  },
  responseHeaders: { 'content-type': 'application/json' },
};

interface Stored {
  readonly requestId: string;
  readonly path: string;
  readonly errorDetail: string;
  readonly consumerId: string;
}

describe('Logs that carry markup and script', { timeout: 60_000 }, () => {
  const stage = useStage({ RELAYLOG_TRACE_URL: 'https://traces.example.com/{traceId}' });
  /** The logs as they are stored: redaction may have replaced parts of them. */
  let stored: readonly Stored[];
  beforeAll(async () => {
    await ingest(stage.server, [...LOGS, LONG, FORGED]);
    const { requestLogs } = await ask<{ requestLogs: { nodes: readonly Stored[] } }>(
      stage.server,
      '{ requestLogs(first: 100, filter: { method: { eq: "POST" }, durationMs: { gte: 2000 }, traceId: { eq: "0af7651916cd43dd8448eb211c80319c" } }) { nodes { requestId path errorDetail consumerId } } }',
    );
    stored = requestLogs.nodes;
    expect(stored.length).toBe(LOGS.length + 2);
  });

  /** Requests to other hosts, dialogs, and violations of the Content-Security-Policy. */
  const incidents: string[] = [];
  afterEach(() => expect(incidents.splice(0)).toEqual([]));

  const Q = 'q=trace:0af7651916cd43dd8448eb211c80319c&range=15m';
  async function open(search = Q): Promise<Page> {
    const page = await stage.open('range=15m');
    page.on('dialog', (dialog) => {
      incidents.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== stage.server.url) incidents.push(`request: ${request.url()}`);
    });
    page.on('popup', (popup) => incidents.push(`popup: ${popup.url()}`));
    await page.addInitScript(
      "addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error('CSP', violatedDirective, blockedURI))",
    );
    await page.goto(`${stage.server.url}/?${search}`);
    await page.getByRole('button', { name: /^Organization/ }).waitFor();
    return page;
  }

  /** Nothing ran, and no element was made of a text. */
  async function expectHarmless(page: Page): Promise<void> {
    expect(await page.evaluate(HARM)).toEqual({ ran: 'undefined', polluted: 'undefined', elements: [] });
    expect(new URL(page.url()).origin).toBe(stage.server.url);
  }

  const gridOf = (page: Page) => page.getByRole('grid', { name: 'Requests' });
  const detailOf = (page: Page) => page.getByRole('region', { name: /^Request req_/ });
  const count = (page: Page, number: number) =>
    page
      .getByRole('region', { name: 'Results' })
      .getByText(`${formatNumber(number)} request${number === 1 ? '' : 's'}`, { exact: true })
      .waitFor();

  it('are text in the table with all columns, wide and narrow', async () => {
    const cols =
      'createdAt,statusCode,method,path,routePattern,durationMs,service,consumerId,apiKeyId,errorType,errorDetail,host,requestId,traceId,authType,endpointType,ipAddress,userAgent';
    const page = await open(`${Q}&cols=${cols}`);
    await count(page, stored.length);
    await gridOf(page).getByText(stored[0]!.path).first().waitFor();
    const cells = await gridOf(page).getByRole('gridcell').allTextContents();
    for (const { path, errorDetail, consumerId } of stored.slice(0, 10))
      for (const text of [path, errorDetail, consumerId]) expect(cells).toContain(text);
    for (const cell of (await gridOf(page).getByRole('row').nth(3).getByRole('gridcell').all()).slice(0, 8))
      await cell.hover();
    await expectHarmless(page);
    await page.setViewportSize({ width: 375, height: 800 });
    await gridOf(page).getByText(stored[0]!.path).first().waitFor();
    await expectHarmless(page);
  });

  it('are text in facets, chips and the facets in a dialog, and can be filtered by', async () => {
    const page = await open();
    const facet = page
      .getByRole('complementary', { name: 'Facets' })
      .getByRole('region', { name: 'Consumer', exact: true });
    await facet.getByRole('button', { name: 'Show more consumers' }).click();
    await expect.poll(() => facet.getByRole('listitem').count()).toBe(TEXTS.length);
    await expectHarmless(page);
    // One after the other: all of them are values of one condition in the end.
    const chips = page.getByRole('list', { name: 'Conditions' }).getByRole('listitem');
    let number = 0;
    for (const value of new Set(stored.map(({ consumerId }) => consumerId))) {
      number += stored.filter(({ consumerId }) => consumerId === value).length;
      const exclude = page.getByRole('button', { name: `Exclude ${value}`, exact: true });
      const row = facet.getByRole('listitem').filter({ has: exclude });
      await row.getByRole('button').first().click();
      await count(page, number);
      expect(await chips.count()).toBe(2);
    }
    await chips.nth(1).hover();
    await expectHarmless(page);
    await facet.getByRole('button', { name: 'Clear Consumer' }).click();
    await expect.poll(() => chips.count()).toBe(1);
    await facet.getByRole('button', { name: /^Exclude <img/ }).click();
    await count(page, stored.length - 2);
    await expectHarmless(page);
    await page.setViewportSize({ width: 800, height: 800 });
    await page.getByRole('button', { name: 'Facets' }).click();
    await page.getByRole('dialog', { name: 'Facets' }).getByRole('listitem').nth(20).waitFor();
    await expectHarmless(page);
  });

  it('are text in suggestions, and what is suggested can be chosen', async () => {
    const page = await open();
    const filter = page.getByRole('combobox', { name: 'Filter' });
    for (const [name, part] of [
      ['consumer', 'script'],
      ['error', 'onerror'],
      ['host', 'iframe'],
      ['route', 'proto'],
      ['service', 'touch'],
      ['key', 'gnp'],
    ] as const) {
      await filter.fill(`trace:0af7651916cd43dd8448eb211c80319c ${name}:${part}`);
      const option = page
        .getByRole('option')
        .filter({ hasText: new RegExp(part, 'i') })
        .first();
      await option.waitFor();
      await expectHarmless(page);
      await option.click();
      await page.keyboard.press('Enter');
      const chip = page.getByRole('list', { name: 'Conditions' }).getByRole('listitem').nth(1);
      await chip.getByText(part).waitFor();
      await gridOf(page).getByRole('gridcell').nth(3).waitFor();
      await expect.poll(async () => (await gridOf(page).getByRole('row').count()) < 5).toBe(true);
      await expectHarmless(page);
    }
  });

  it('are text in the detail, and data in the curl command', async () => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const folder = mkdtempSync(join(tmpdir(), 'relaylog-hostile-'));
    await gridOf(page).getByRole('gridcell').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    for (const { path } of stored) {
      const detail = detailOf(page);
      const shown = async () => {
        const showAll = detail.getByRole('heading').getByRole('button', { name: /^Show all/ });
        if (await showAll.isVisible()) await showAll.click();
        return detail.getByRole('heading', { level: 2 }).textContent();
      };
      await expect.poll(shown).toContain(path.replaceAll('[REDACTED]', 'redacted'));
      await detail.getByRole('button', { name: 'Copy as curl' }).click();
      await detail.getByRole('button', { name: 'Copied' }).waitFor();
      const command = (await page.evaluate('navigator.clipboard.readText()')) as string;
      const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}\n`;
      const words = execFileSync('sh', ['-c', script], { encoding: 'utf8', cwd: folder }).split('\0');
      expect(words[2]).toBe('-X');
      expect(words[4]).toMatch(/^https:\/\//);
      expect(command).not.toMatch(/[^\P{Cc}\n\t]/u);
      await expectHarmless(page);
      await page.keyboard.press('j');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are text in bodies that are deep, or look like a note of the gateway or an element of React', async () => {
    const page = await open(`${Q}&log=req_long`);
    const detail = detailOf(page);
    await detail.getByText('Response headers').waitFor();
    const request = detail.getByRole('region', { name: 'Request as recorded' });
    await request.getByText(JSON.stringify(TEXTS[2]), { exact: true }).waitFor();
    await expectHarmless(page);
    await page.goto(`${stage.server.url}/?${Q}&log=req_forged`);
    await detail.getByText('Response headers').waitFor();
    await detail.getByText('$$typeof').waitFor();
    await expectHarmless(page);
  });

  it('are text in the views of errors and slow routes', async () => {
    const page = await open(`${Q}&view=errors`);
    const rows = page.getByRole('table').getByRole('row');
    for (const group of [
      'Route, status and error',
      'Method, route and status',
      'Route',
      'Status and error',
    ]) {
      await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: group });
      await expect.poll(() => rows.count()).toBeGreaterThan(TEXTS.length);
      await expectHarmless(page);
    }
    const image = rows.filter({ has: page.getByRole('button', { name: /^<img src=x/ }) });
    await image.first().getByRole('cell').nth(4).hover();
    await image
      .first()
      .getByRole('button', { name: /Newest/ })
      .click();
    await detailOf(page).getByText('Response headers').waitFor();
    await expectHarmless(page);
    await image.first().getByRole('button').first().click();
    await gridOf(page).getByRole('gridcell').nth(3).waitFor();
    await page.getByRole('list', { name: 'Conditions' }).getByText('<img src=x').first().waitFor();
    await expectHarmless(page);

    await page.goto(`${stage.server.url}/?${Q}&view=slow`);
    await expect.poll(() => rows.count()).toBeGreaterThan(TEXTS.length);
    await expectHarmless(page);
    await rows.filter({ hasText: '<svg' }).getByRole('button').click();
    await count(page, 1);
    await expectHarmless(page);
  });

  it('are text in saved views, in what the GraphQL dialog shows, and in links', async () => {
    const page = await open(`${Q}`);
    await page.getByRole('button', { name: 'Saved views' }).click();
    for (const text of TEXTS.slice(0, 13)) {
      await page.getByLabel('Name of the view').fill(text.slice(0, 80));
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page
        .getByRole('status')
        .getByText(`Saved “${text.slice(0, 80)}”.`)
        .waitFor();
    }
    await expectHarmless(page);
    await page.getByRole('button', { name: TEXTS[2]!, exact: true }).hover();
    await page.getByRole('button', { name: `Rename ${TEXTS[2]}`, exact: true }).click();
    await page.keyboard.type(TEXTS[6]!);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: TEXTS[6]!, exact: true }).click();
    await gridOf(page).waitFor();
    await expectHarmless(page);

    const hostile = encodeURIComponent(TEXTS[2]!);
    const filter = encodeURIComponent(JSON.stringify({ consumerId: { startsWith: TEXTS[2] } }));
    await page.goto(
      `${stage.server.url}/?q=${encodeURIComponent(`error:"${TEXTS[2]}" nofield:${TEXTS[0]} ${TEXTS[3]}`)}&filter=${filter}` +
        `&log=${hostile}&tz=${hostile}&cols=${hostile}&sort=${hostile}&view=${hostile}&range=${hostile}`,
    );
    await page.getByText('No such request').waitFor();
    await expectHarmless(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'GraphQL' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('onerror').first().waitFor();
    await expectHarmless(page);
  });
});

/** Evaluated in the page. */
const HARM = `({
  ran: typeof globalThis.ran,
  polluted: typeof {}.polluted,
  elements: [...document.querySelectorAll(
    'img, iframe, object, embed, base, style, textarea, animate, meta[http-equiv], script:not([src^="/assets/"]), ' +
    '[onerror], [onload], [onmouseover], [onfocus], [onbegin], [autofocus], a[href^="javascript:" i], [src^="javascript:" i], [src*="evil"], [href*="evil"]'
  )].map(({ outerHTML }) => outerHTML.slice(0, 200)),
})`;
