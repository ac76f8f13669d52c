import * as fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { redactors } from './redactor.ts';
import { CHARACTER_SETS, SECRET_FORMATS } from './secret-formats.ts';

const { text, identity, url, headers, body } = redactors({ names: [], limit: 500, unknownBodies: 'keep' })();

const credential = fc
  .constantFrom(
    ...SECRET_FORMATS.flatMap((format) =>
      format.prefixes.filter((prefix) => !/[%+]/.test(prefix)).map((prefix) => ({ ...format, prefix })),
    ),
  )
  .chain(({ prefix, characters, min }) =>
    fc
      .stringMatching(new RegExp(`^(?:${CHARACTER_SETS[characters].source}){${min}}$`))
      .map((rest) => prefix + rest),
  );
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc+/=\n-----END RSA PRIVATE KEY-----`;
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;

describe('credentials of known formats', () => {
  it('are redacted in every kind of text', () => {
    fc.assert(
      fc.property(fc.oneof(credential, fc.constant(JWT)), (secret) => {
        expect(text(`sent ${secret} to it`)).toBe('sent [REDACTED] to it');
        expect(text(`"${secret}"`)).toBe('"[REDACTED]"');
        expect(identity(secret)).toBe('[REDACTED]');
        const encoded = encodeURIComponent(secret);
        expect(url(`/x/${encoded}?a=${encoded}&b=1`)).not.toContain(encoded.slice(-12));
        expect(headers({ [secret]: secret })).toEqual({ '[REDACTED]': '[REDACTED]' });
        expect(body({ a: [`\n${secret}\n`] }, null)).toEqual({ a: ['\n[REDACTED]\n'] });
        expect(body(`x=1&y=${encodeURIComponent(secret)}`, null)).not.toContain(secret.slice(-10));
      }),
    );
  });

  it('are redacted where a body is cut', () => {
    fc.assert(
      fc.property(fc.oneof(credential, fc.constant(JWT)), fc.nat({ max: 40 }), (secret, shift) => {
        const padding = 'x '.repeat(250).slice(0, 500 - secret.length + shift);
        const shown = JSON.stringify(body(`{"a":"${padding} ${secret}${'"}'.repeat(50)}`, null));
        const shared = secret.length - 6;
        expect(shown).not.toContain(secret.slice(0, Math.max(12, shared)));
      }),
    );
  });

  it('are redacted where a body is cut because its redaction made it longer', () => {
    fc.assert(
      fc.property(fc.oneof(credential, fc.constant(JWT)), fc.nat({ max: 40 }), (secret, shift) => {
        const before = `${'pin=1&'.repeat(28)}${'x'.repeat(shift)}=1&`;
        const stored = body(`${before}a=${secret}&b=${secret}&c=${'y'.repeat(60)}`, null);
        expect(stored).toMatchObject({ truncated: true });
        expect(JSON.stringify(stored)).not.toContain(secret.slice(0, Math.max(12, secret.length - 6)));
      }),
    );
  });

  it('a card number may go on where a body is cut, whatever its check digit is there', () => {
    const head = '{"a":"';
    const text = `${head}${'x'.repeat(500 - head.length - 20)} 4111 1111 1111 11123 and so on, for a long time"}`;
    expect(JSON.stringify(body(text, null))).not.toContain('4111 1111');
  });

  it.each(['%22', '%27', '%09', '%2522', '%C3%A2', '\\u0022', '\\u00a2', '\\n', '%'])(
    'card numbers are redacted behind %s',
    (sign) => {
      for (const card of ['4111111111111111', '4111 1111 1111 1111'])
        expect(text(`see ${sign}${card}!`)).toBe(`see ${sign}[REDACTED]!`);
    },
  );

  it('are redacted beside a secret under a promised name, where the text is encoded again', () => {
    const card = '4111 1111 1111 1111';
    expect(url(`/x?b="${card}" password%3Dx`)).toBe('/x?b=%22%5BREDACTED%5D%22%20password%3D%5BREDACTED%5D');
    expect(url(`/x "${card}" password%3Dx`)).not.toContain('1111');
    expect(body(`a=1&b=${card} password%3Dx`, 'application/x-www-form-urlencoded')).not.toContain('1111');
  });

  it.each(['\\n', '\\"', '\\\\', '\\t', '\\/', '\\u0020'])(
    'are redacted in a string of JSON with %s, beside a secret under a promised name',
    (before) => {
      for (const secret of ['4111 1111 1111 1111', JWT, PEM]) {
        const written = JSON.stringify(secret).slice(1, -1);
        for (const string of [`${before}${written}${before}`, written.replaceAll(' ', '\\u0020')]) {
          const stored = JSON.stringify(body(`{"a":"token=x ${string}"}`, null));
          expect(stored).toContain('token=[REDACTED]');
          expect(stored).not.toMatch(/4111|bmF0dXJl|MIIEp/);
        }
      }
    },
  );

  it('private keys go with all their lines, also without an end', () => {
    expect(text(`key: ${PEM} after`)).not.toContain('MIIE');
    expect(text(`see ${PEM} after`)).toBe('see [REDACTED] after');
    expect(body({ note: PEM, b: 1 }, null)).toEqual({ note: '[REDACTED]', b: 1 });
    expect(body({ note: PEM.slice(0, 60), b: '"x' }, null)).toEqual({ note: '[REDACTED]', b: '"x' });
    expect(JSON.stringify(body(`k=${encodeURIComponent(PEM)}&b=1`, null))).not.toContain('MIIE');
  });

  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '378282246310005',
    '3782 822463 10005',
  ])('card numbers are: %s', (card) => {
    expect(text(card)).toBe('[REDACTED]');
    expect(text(`paid with ${card}, thanks`)).toBe('paid with [REDACTED], thanks');
    expect(body({ a: card, b: Number(card.replace(/\D/g, '')) }, null)).toEqual({
      a: '[REDACTED]',
      b: '[REDACTED]',
    });
    expect(body(`a=1&n=${card.replaceAll(' ', '+')}`, null)).toBe('a=1&n=[REDACTED]');
    expect(body(`a=1&n=${encodeURIComponent(card)}&b=2`, null)).not.toContain('1111');
  });

  it.each([
    '4111111111111112',
    '41111111111111110',
    '1234567812345670',
    'order-4111111111111111',
    '4111111111111111-7',
    'x4111111111111111',
    '0.4111111111111111',
    '4111 1111 1111 1112',
    'key_demo1',
    'rlk_dem1',
    'sk_live_51H',
    'AKIAIOSFODNN7EXAMPLES1',
    'ghp_short',
    'eyJpZCI6MX0',
    'task-force-of-a-very-long-name-of-a-thing',
    '2026-11-28T02:26:22.123Z',
  ])('%s survives', (harmless) => {
    expect(text(harmless)).toBe(harmless);
    expect(body({ a: harmless }, null)).toEqual({ a: harmless });
  });

  it('ids and times survive', () => {
    const time = fc.integer({ min: 1_400_000_000, max: 2_000_000_000 });
    const ids = fc.oneof(
      fc.uuid(),
      fc.nat().map((ms) => ulid(ms)),
      time.map(String),
      time.map((s) => `${s}123`),
      time.map((s) => `${s}123456`),
      time.map((s) => `${s}123456789`),
      fc.stringMatching(/^[0-9a-f]{32}$/),
      fc.bigInt({ min: 10n ** 16n, max: 10n ** 19n }).map(String),
    );
    fc.assert(
      fc.property(ids, (id) => {
        expect(text(`${id} ${id}`)).toBe(`${id} ${id}`);
        expect(identity(id)).toBe(id);
      }),
      { numRuns: 5_000 },
    );
  });
});
