/** Pieces that are expensive for some way of searching: signs, near misses of secrets and of names, openings without ends. */
export const PIECES = [
  'w',
  'w=',
  'a=',
  'abc=',
  'abc:',
  'a:',
  '=',
  ':',
  ': ',
  '&',
  '?',
  '#',
  ';',
  ',',
  '/',
  '//',
  '//a:',
  '//a:b/',
  '//a@',
  '@',
  '%',
  '%4',
  '%41',
  '%25',
  '%2525',
  '%zz',
  '%3D',
  '%26',
  '%C3%A9',
  '%7B%22',
  '<',
  '<a',
  '<a>',
  '<a ',
  '</a>',
  '</',
  '<!--',
  '<![CDATA[',
  ']]>',
  '<?',
  '<a b="',
  '<password>',
  '<password ',
  'name="a"',
  'name="',
  'name="password" ',
  '"',
  "'",
  '`',
  '\\',
  '\\"',
  '\\\\"',
  '\\u0070',
  '\\u',
  '"""',
  '{',
  '}',
  '[',
  ']',
  '[[',
  '{}',
  '[],',
  '{"a":',
  '{"a":1},',
  '["a",',
  '"a":"b",',
  '{"name":"',
  '{"value":"x","name":"password"},',
  '"password":',
  '"password":{',
  '{"password":[',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\n\n',
  'password',
  'passwor',
  'password=',
  'password: ',
  'password = "',
  'pin=1&',
  'pin=',
  'a.b.c.',
  'a[b]',
  'ｐ=',
  'é=',
  'ﬁ=',
  '𝐩=',
  'ſ:',
  'Authorization: Bearer ',
  'Cookie: ',
  'bearer ',
  'ghp_',
  'ghp_a',
  'ghp_0123456789012345678901234567890123 ',
  'AKIA',
  'AKIAAAAAAAAAAAAAAAA',
  'sk-',
  'sk_live_',
  'sk-ant-',
  'xoxb-',
  'glpat-',
  'AIza',
  'eyJ',
  'eyJa.',
  'eyJaaaaaaaaaaaa.eyJ',
  'SG.',
  'hooks.slack.com/services/',
  '-----BEGIN',
  '-----BEGIN PRIVATE KEY-----',
  '-----END',
  '-----',
  '4',
  '4111',
  '4111 ',
  '4111-1111-1111-111',
  '411111111111111',
  '4111111111111111',
  '4111111111111112 ',
  '123456789012,',
  '0.4111111111111111 ',
  '--b\r\n',
  '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
  'Content-Disposition: form-data; name=',
  'mutation{a(b:"',
  'query($password:a=',
  '$',
  '.',
  '-',
  '_',
  '€',
  '😀',
  '\u00a0',
  '&amp;',
  '&#61;',
  '&quot;',
  'true,',
  'null ',
  '1 ',
  '1e',
  '/a?b=',
  'https://',
  'https://a:b',
  'https://a/?b=%26c%3Dd ',
  'cb(',
  ')',
  'API key: ',
  'a b c ',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV ',
  '0198c5a0-1111-7a2b-8c3d-1234567890ab ',
] as const;

/** What stands around the pieces, so that each form is entered. */
const FRAMES: readonly (readonly [string, string])[] = [
  ['', ''],
  ['', '='],
  ['{"a":"', '"}'],
  ['{"a":[', ''],
  ['["', ''],
  ['{"a":"{\\"b\\":\\"', '\\"}"}'],
  ['a=', ''],
  ['a=1&b=', '&c=2'],
  ['/?a=', ''],
  ['https://', '@h/'],
  ['<a>', '</a>'],
  ['<a b="', '"/>'],
  ['<a><![CDATA[', ''],
  ['--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n', '\r\n--b--'],
  ['mutation { a(b: "', '") }'],
  ['cb({"a":"', '"})'],
  ['x ', ''],
];

/** Media types that make sure of a form, and none. */
const TYPES = [
  null,
  null,
  null,
  'application/json',
  'application/x-www-form-urlencoded',
  'application/xml',
  'application/graphql',
];

export interface HostileBody {
  readonly text: string;
  readonly contentType: string | null;
  /** How it was made, for the report. */
  readonly made: string;
}

/**
 * A body of so many characters that repeats one to four pieces within a frame, now and then encoded once or several times.
 *
 * @param random a number from 0 up to 1, a new one for each call.
 */
export function hostileBody(random: () => number, length: number): HostileBody {
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!;
  const pieces = Array.from({ length: 1 + Math.floor(random() ** 2 * 4) }, () => pick(PIECES));
  const [before, after] = pick(FRAMES);
  const unit = pieces.join('').repeat(pick([1, 1, 1, 7]));
  // One piece is told apart from the next, so that nothing is answered from a cache.
  const counted = random() < 0.25;
  const encodings = Array.from({ length: Math.max(0, Math.floor(random() * 9) - 5) }, () => pick(ENCODINGS));
  let middle = counted ? numbered(unit, length) : unit.repeat(Math.ceil(length / unit.length));
  for (const { encode } of encodings) middle = encode(middle).slice(0, length);
  const text = (before + middle).slice(0, Math.max(0, length - after.length)) + after;
  const contentType = pick(TYPES);
  const how = encodings.map(({ name }) => name).join('+');
  return {
    text: text.toWellFormed(),
    contentType,
    made: JSON.stringify({ before, pieces, counted, how, after, contentType }),
  };
}

const ENCODINGS = [
  { name: 'json', encode: (text: string) => JSON.stringify({ a: text }) },
  { name: 'jsonString', encode: (text: string) => JSON.stringify(text).slice(1, -1) },
  { name: 'percent', encode: (text: string) => `a=${encodeURIComponent(text.toWellFormed())}` },
  { name: 'percentSigns', encode: (text: string) => `a=${text.replaceAll('%', '%25')}` },
] as const;

function numbered(unit: string, length: number): string {
  const parts: string[] = [];
  for (let i = 0, size = 0; size < length; i++) {
    const part = i.toString(36) + unit;
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}
