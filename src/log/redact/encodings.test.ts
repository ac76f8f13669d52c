import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BODY_LIMIT } from './body-options.ts';
import { redactors } from './redactor.ts';

const newRedactor = redactors({ names: [], limit: BODY_LIMIT, unknownBodies: 'keep' });

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const named = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** Ways in which a text stands in another one. */
const ENCODINGS: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify({ n: text }),
  (text) => JSON.stringify([text, 1]),
  (text) => JSON.stringify([text]).replaceAll('\\"', '\\u0022'),
  (text) => `${JSON.stringify({ n: text })}\n${JSON.stringify({ m: 1 })}`,
  // A string of a program.
  (text) => JSON.stringify(text).slice(1, -1),
  encodeURIComponent,
  (text) => `n=${encodeURIComponent(text)}&m=1`,
  (text) => `/p/q?n=${encodeURIComponent(text)}`,
  (text) => `<n m="1">${escaped(text)}</n>`,
  (text) => `<n m="1">${named(text)}</n>`,
  (text) => `<n m="${escaped(text)}"/>`,
  (text) => `<n><![CDATA[${text}]]></n>`,
  (text) => `see ${text} there`,
];
const encodings = fc.array(fc.constantFrom(...ENCODINGS), { maxLength: 3 });

const CORE = 'zQ9zQ9zQ9zQ9';
const UNDER_A_NAME: readonly string[] = [
  `{"password":"${CORE}"}`,
  `password=${CORE}`,
  `a=1&token=${CORE}&b=2`,
  `<password>${CORE}</password>`,
  `<a password="${CORE}"/>`,
  `Authorization: Bearer ${CORE}`,
  `https://u:${CORE}@h/`,
  `password: "${CORE}"`,
  `mutation { a(password: "${CORE}") { b } }`,
];
const KNOWN: readonly string[] = [
  '4111111111111111',
  '378282246310005',
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_0123456789012345678901234567890123ab',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ',
];

/** What is stored of a text, wherever a log can have it. */
function stored(text: string): string {
  const redactor = newRedactor();
  return JSON.stringify([
    redactor.text(text),
    redactor.url(`/x?a=1&b=${encodeURIComponent(text)}`),
    redactor.body(`a=1&b=${encodeURIComponent(text)}`, 'application/x-www-form-urlencoded'),
    redactor.body({ a: text }, 'application/json'),
    redactor.body(text, null),
    redactor.headers({ 'x-a': text }),
  ]);
}

it('a secret under a promised name is found however often the text around it is encoded', () => {
  fc.assert(
    fc.property(fc.constantFrom(...UNDER_A_NAME), encodings, (secret, chosen) => {
      const text = chosen.reduce((inner, encode) => encode(inner), secret);
      expect(stored(text)).not.toContain(CORE);
    }),
    { numRuns: 3_000 },
  );
});

it('a credential or card number is found however often the text around it is encoded', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KNOWN), encodings, (secret, chosen) => {
      const text = chosen.reduce((inner, encode) => encode(inner), `"${secret}"`);
      expect(stored(text)).not.toContain(secret.slice(-9));
      expect(newRedactor().url(`/x/${encodeURIComponent(text)}`)).not.toContain(secret.slice(-9));
    }),
    { numRuns: 3_000 },
  );
});
