import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileBody, PIECES } from '../../../test/support/hostile-texts.ts';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import type { Json } from '../request-log.ts';
import { SECRET_NAMES } from '../secret-names.ts';
import { BODY_LIMIT } from './body-options.ts';
import { REDACTED } from './edits.ts';
import { redactors } from './redactor.ts';

const S = 'S3CRET';
const newRedactor = redactors({ names: ['X-Internal'], limit: 4 * BODY_LIMIT, unknownBodies: 'omit' });
// Each in a batch of its own.
const url = (path: string) => newRedactor().url(path);
const text = (value: string) => newRedactor().text(value);
const body = (value: Json, contentType: string | null) => newRedactor().body(value, contentType);
const headers = (value: Json) => newRedactor().headers(value);
const cutting = redactors({ names: [], limit: BODY_LIMIT, unknownBodies: 'keep' });
const json = (value: Json) => (typeof value === 'string' ? text(value) : body(value, null));

describe('redaction', () => {
  it.each([
    ['/a?token=x', '/a?token=[REDACTED]'],
    ['/a?TOKEN=x&b=1', '/a?TOKEN=[REDACTED]&b=1'],
    ['/a?b=1&api-key=x;client_secret=y&c=2', '/a?b=1&api-key=[REDACTED]&c=2'],
    ['/a?b=1;token=x&c=2', '/a?b=1;token=[REDACTED]&c=2'],
    ['/a?%74oken=x', '/a?%74oken=[REDACTED]'],
    ['/a?x-internal=x', '/a?x-internal=[REDACTED]'],
    ['/a?user[password]=x', '/a?user[password]=[REDACTED]'],
    ['/a?user%5Bpassword%5D=x', '/a?user%5Bpassword%5D=[REDACTED]'],
    ['/a?max_tokens=3&limit=2#x', '/a?max_tokens=3&limit=2#x'],
    ['/token=x', '/token=x'],
    ['/a/%20b?q=a%20b+c&d', '/a/%20b?q=a%20b+c&d'],
    ['http://u:p@h/a', 'http://[REDACTED]@h/a'],
    ['/a?next=http://u:p@h/', '/a?next=http://[REDACTED]@h/'],
    ['/a?token=', '/a?token=[REDACTED]'],
    ['/a?token', '/a?token'],
  ])('redacts the URL %s', (path, shown) => {
    expect(url(path)).toBe(shown);
  });

  it.each([
    `/x?password=don't-${S}`,
    `/x?password=a"${S}`,
    `/x?password=a b${S}`,
    `/x?password=a;${S}`,
    `/x?next=${encodeURIComponent(`https://b/?token=${S}`)}`,
    `/x?filter=${encodeURIComponent(JSON.stringify({ password: S }))}`,
    `/x?pass%2577ord=${S}`,
    `/x?a=%%%70assword%3D${S}`,
    `/x?a=1,password=${S}`,
    `/x?=password=${S}`,
    `/x?token%00=${S}`,
    `/x;jsessionid=${S}`,
    `/x?token[]=${S}`,
    `https://${S}@host/`,
    `https://u:p@${S}@host/`,
    `https://u:p/q:r:${S}@host/`,
    `https://u:${S}:r/q@host/`,
  ])('removes the secret completely from %s', (path) => {
    expect(url(path)).not.toContain(S);
  });

  it.each<[string, Json]>([
    ['a form with a line end', `user=bob&password=${S}\r\n`],
    ['a form with brackets', `user[name]=bob&user[password]=${S}`],
    ['a form whose first field has no value', `remember&password=${S}`],
    ['a form with blanks', `user=bob smith&password=${S}`],
    ['a form with an apostrophe', `a=1&password=don't-${S}`],
    ['JSON in a form', `payload=${encodeURIComponent(JSON.stringify({ password: S }))}`],
    ['truncated JSON', `{"user":"b","password":"${S}","x":"…`],
    ['NDJSON', `{"password":"${S}"}\n{"password":"${S}"}`],
    ['JSON with a BOM', `\uFEFF{"password":"${S}"}`],
    ['JSON encoded twice', JSON.stringify(JSON.stringify({ password: S }))],
    ['JSON in text', `sent {"a":"{\\"password\\":\\"${S}\\"}"}`],
    ['multipart', `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${S}\r\n--b--`],
    ['XML', `<a><password>${S}</password></a>`],
    ['a header as text', `Authorization: Bearer ${S}`],
    ['a URL in text', `GET https://u:${S}@h/x?token=${S} failed`],
    ['a URL in quotes', { x: `call failed: "https://a/?token=${S}"` }],
    ['a Link header', { Link: `<https://a/cb?access_token=${S}>; rel=next` }],
    ['headers as pairs', [['authorization', S]]],
    ['headers as names and values', [{ name: 'Authorization', value: S }]],
    ['a dotted name', { 'user.password': S }],
    [
      'compound names',
      { newPassword: S, password_confirmation: S, apiToken: S, 'X-Vault-Token': S, secretAccessKey: S },
    ],
    [
      'vendor-specific headers',
      { 'X-Goog-Api-Key': S, 'PRIVATE-TOKEN': S, Cookie2: S, 'X-Forwarded-Authorization': S },
    ],
    ['full-width letters', { ｐassword: S }],
  ])('finds the secret in %s', (_name, value) => {
    expect(JSON.stringify(json(value))).not.toContain(S);
    if (typeof value === 'string') expect(text(value)).not.toContain(S);
  });

  it('finds every secret name in any spelling at any depth', () => {
    const names = [...SECRET_NAMES.anywhere, ...SECRET_NAMES.atTheEnd, ...SECRET_NAMES.whole];
    const spelled = fc
      .constantFrom(...names)
      .chain((name) =>
        fc.constantFrom(
          name,
          name.toUpperCase(),
          `${name[0]}-${name.slice(1)}`,
          `${name[0]}_${name.slice(1)}`,
        ),
      );
    const wrapped = (inner: Json, path: readonly number[]): Json =>
      path.reduce<Json>(
        (value, kind) => (kind === 0 ? [1, value] : kind === 1 ? { a: value } : JSON.stringify({ b: value })),
        inner,
      );
    fc.assert(
      fc.property(spelled, fc.array(fc.nat({ max: 2 }), { maxLength: 4 }), (name, path) => {
        expect(JSON.stringify(json(wrapped({ [name]: S }, path)))).not.toContain(S);
      }),
    );
  });

  it('leaves everything else unchanged, byte for byte', () => {
    const value = {
      a: [1, null, true, 'plain: text, a=b', { b: 'x@y.z' }],
      url: 'https://h/p?q=1&n=2',
      ['__proto__']: 1,
    };
    expect(json(value)).toBe(value);
    for (const same of [
      '{"id": 12345678901234567890, "v": 1.0, "v": 2}',
      '<a>b</a>',
      'a=b&c=d e',
      'mail me @ 5? a#b=c;d',
      '[1,2',
    ]) {
      expect(json(same)).toBe(same);
    }
    expect(json({ password: null })).toEqual({ password: null });
    expect(json({ password: 0 })).toEqual({ password: REDACTED });
  });

  it('handles deeply nested JSON in text', () => {
    for (const depth of [99, 100, 101, 100_000]) {
      const nested = '['.repeat(depth) + ']'.repeat(depth);
      expect([depth, json(nested) === nested]).toEqual([depth, true]);
    }
  });

  it('redacts what is nested too deep to be searched, and nothing that is not', () => {
    const nested = (levels: number, inner: Json) =>
      Array.from({ length: levels }).reduce<Json>((value) => ({ a: JSON.stringify(value) }), inner);
    for (let levels = 1; levels <= 12; levels++) {
      const shown = JSON.stringify(json(nested(levels, { password: S, b: 'x'.repeat(1_000) })));
      expect([levels, shown.includes(S)]).toEqual([levels, false]);
      if (levels <= 3) expect([levels, shown.includes('xxx')]).toEqual([levels, true]);
    }
    let form = `password=${S}`;
    for (let levels = 0; levels < 50; levels++) {
      form = `a=${encodeURIComponent(form)}`;
      expect(json(form)).not.toContain(S);
    }
    const times = Array.from({ length: 5_000 }, (_, i) => `${i % 24}:30`);
    expect(json({ times, rows: times.map((time) => [time]) })).toEqual({
      times,
      rows: times.map((time) => [time]),
    });
  });

  it('never fails, whatever a body, a header or a text holds', () => {
    const random = seededRandom(Math.floor(Math.random() * 2 ** 31));
    for (let i = 0; i < 3_000; i++) {
      const { text: hostile, contentType, made } = hostileBody(random, 1 + Math.floor(random() * 300));
      const all = () => [
        body(hostile, contentType),
        body({ [hostile]: [hostile] }, contentType),
        body(hostile.slice(0, 50), contentType),
        headers({ a: hostile, [hostile]: [hostile] }),
        text(hostile),
        url(`/?${hostile}`),
      ];
      expect(all, made).not.toThrow();
    }
    expect(json('{} "a" [] "b":1')).toBe('{} "a" [] "b":1');
  });

  it.each(['<a', '</', '<!', 'a=', 'a=[', '<a b="', '{"a":', '%41='])(
    'never fails on a long text of %j',
    (unit) => {
      const long = redactors({ names: [], limit: 64 * BODY_LIMIT, unknownBodies: 'keep' });
      for (const count of [2_500, 40_000]) {
        const text = unit.repeat(count);
        for (const one of [text, `<a>${text}`, `x=${'x'.repeat(60 * BODY_LIMIT)}&y=${text}`]) {
          expect(() => [long().body(one, null), cutting().body(one, null)]).not.toThrow();
        }
      }
    },
  );

  it('takes time in proportion to the text', () => {
    const cpuMs = (text: string) => {
      const before = process.cpuUsage();
      json(text);
      url(`/?${text}`);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    const parts = PIECES.filter((_, i) => i % 2 === Math.floor(Math.random() * 2));
    for (const part of parts) {
      const of = (length: number) => `${part.repeat(length / part.length)}=`;
      const least = (text: string) => Math.min(...[1, 2, 3].map(() => cpuMs(text)));
      const [short, long] = [least(of(30_000)), least(of(120_000))];
      expect([part, long < Math.max(short, 4) * 4 * 5]).toEqual([part, true]);
    }
  });
});
