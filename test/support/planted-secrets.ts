import * as fc from 'fast-check';
import type { Json } from '../../src/log/request-log.ts';
import { SECRET_NAMES } from '../../src/log/secret-names.ts';

/** The part of each planted secret that must not be found. */
export const CORE = /planted[0-9a-z]{12}/;

const core = fc.stringMatching(/^[0-9a-z]{12}$/).map((text) => `planted${text}`);
/** What stands before and after it: what the form of the body has to encode. */
const anySigns = fc.array(
  fc.constantFrom(...` /#?'"&<>;,=:@%+\\\n\t{}[]()$|~€é😀`, '%3D', '\\"', ']]>', '&amp;', '--', '```', '"""'),
  { maxLength: 3 },
);
const secretWith = (signs: fc.Arbitrary<readonly string[]>) =>
  fc.tuple(signs, core, signs).map(([before, middle, after]) => before.join('') + middle + after.join(''));
const anySecret = secretWith(anySigns);
/** Where a form has no quotes, a value ends with a blank and the like. */
const plainSecret = secretWith(fc.array(fc.constantFrom(...'/#?%+-_.~!*$€é'), { maxLength: 3 }));

/** A promised name, in any spelling. */
const secretName = fc
  .constantFrom(...SECRET_NAMES.anywhere, ...SECRET_NAMES.atTheEnd, ...SECRET_NAMES.whole)
  .chain((name) =>
    fc.constantFrom(
      name,
      name.toUpperCase(),
      `${name[0]}-${name.slice(1)}`,
      `${name.slice(0, 2)}_${name.slice(2)}`,
      `user.${name}`,
      `data[${name}]`,
    ),
  );
const word = fc.constantFrom('id', 'page', 'q', 'user', 'Accept', 'status', 'items');
const harmless: fc.Arbitrary<Json> = fc.constantFrom(
  'ok',
  7,
  null,
  true,
  'a b',
  'https://h/?page=2',
  '12:30',
  '',
);

/** A value of JSON with the secret somewhere in it. */
const jsonWith = (secret: fc.Arbitrary<string>) =>
  fc
    .tuple(secretName, secret, fc.nat({ max: 4 }))
    .map(([name, value, form]): Json => {
      if (form === 0) return { name, value };
      if (form === 1) return { value: [value], name };
      if (form === 2) return [[name, value]];
      return { [name]: form === 3 ? value : { deep: [value] } };
    })
    .chain((found) => wrapped(found));

/** Further levels around it: objects, arrays, JSON in strings, forms in strings, other members. */
function wrapped(found: Json): fc.Arbitrary<Json> {
  const level = fc.tuple(fc.nat({ max: 5 }), word, harmless);
  return fc.array(level, { maxLength: 7 }).map((levels) =>
    levels.reduce<Json>((inside, [kind, name, other]) => {
      if (kind === 0) return [other, inside, other];
      if (kind === 1) return { a: other, [name]: inside };
      if (kind === 2) return { [name]: JSON.stringify(inside), b: other };
      if (kind === 3)
        return { form: `x=1&${name}=${encodeURIComponent(JSON.stringify(inside).toWellFormed())}` };
      if (kind === 4) return [JSON.stringify({ [name]: inside, other })];
      return {
        [name]: inside,
        url: `https://h/?d=${encodeURIComponent(JSON.stringify(inside).toWellFormed())}`,
      };
    }, found),
  );
}

/** The name without what stands around it, for forms whose names are words. */
const simple = (name: string) => name.replace(/^user\.|^data\[|\]$/g, '').replaceAll('-', '_');

const percent = (text: string) => encodeURIComponent(text.toWellFormed());
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const unicode = (name: string) => name.replace(/[a-z]/, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);

export interface PlantedBody {
  readonly form: string;
  readonly body: Json;
  readonly contentType: string | null;
}

type Maker = (name: string, secret: string, json: Json) => { body: Json; contentType: string | null };
const MAKERS: Readonly<Record<string, Maker>> = {
  JSON: (_name, _secret, json) => ({ body: json, contentType: 'application/json' }),
  'JSON text': (_name, _secret, json) => ({ body: JSON.stringify(json, null, 2), contentType: null }),
  'JSON text that is cut': (name, secret, json) => {
    const text = JSON.stringify({ a: json, [name]: secret });
    return { body: text.slice(0, text.length - 2), contentType: 'application/json' };
  },
  'JSON with escapes in keys': (name, secret) => ({
    body: `{"a":1,"${unicode(name)}" \n : ${JSON.stringify(secret)}}`,
    contentType: 'application/json',
  }),
  NDJSON: (name, secret, json) => ({
    body: `{"a":1}\n${JSON.stringify(json)}\n{"${unicode(name)}":${JSON.stringify(secret)}}\n`,
    contentType: 'application/x-ndjson',
  }),
  JSONP: (name, secret) => ({
    body: `cb_1({"x":2,"${unicode(name)}":${JSON.stringify(secret)}});`,
    contentType: 'application/javascript',
  }),
  form: (name, secret, json) => ({
    body: `a=1&${percent(name)}=${percent(secret)}&j=${percent(JSON.stringify(json))}&b=2`,
    contentType: 'application/x-www-form-urlencoded',
  }),
  'form in a form': (name, secret) => ({
    body: `a=1&next=${percent(`https://h/?b=2&${percent(name)}=${percent(secret)}`)}`,
    contentType: null,
  }),
  multipart: (name, secret, json) => ({
    body: [
      `--b7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nfirst line\r\n${secret}\r\n`,
      `--b7\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${secret}\r\n`,
      `--b7\r\nContent-Disposition: form-data; name="j"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(json)}\r\n`,
      `--b7\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\nContent-Type: image/png\r\n\r\n${secret}\r\n--b7--`,
    ].join(''),
    contentType: 'multipart/form-data; boundary=b7',
  }),
  XML: (name, secret, json) => {
    const element = simple(name);
    const text = escaped(secret);
    return {
      body: `<?xml version="1.0"?><a><${element}>${text}</${element}><b c="1" ${element}='${text}'/><${element}><![CDATA[${secret.replaceAll(']]>', '')}]]></${element}><d>${escaped(JSON.stringify(json))}</d><${element} x="1"><e>${text}</e></${element}><input name="${element}" value="${text}"/></a>`,
      contentType: 'application/xml',
    };
  },
  'XML that is not closed': (name, secret) => ({
    body: `<a><b>x</b><${simple(name)}>${escaped(secret)}`,
    contentType: 'text/xml',
  }),
  GraphQL: (name, secret) => {
    const field = simple(name);
    const block = secret.replaceAll('"', "'");
    return {
      body: `mutation M($${field}: String = ${JSON.stringify(secret)}) { a(${field}: ${JSON.stringify(secret)}, x: 1) { id } b(input: {${field}: """\n ${block}\n """}) { id } }`,
      contentType: 'application/graphql',
    };
  },
  'GraphQL in JSON': (name, secret) => ({
    body: {
      query: `mutation { a(${simple(name)}: """${secret.replaceAll('"', "'")}""") { id } }`,
      variables: { input: { [name]: secret } },
    },
    contentType: 'application/json',
  }),
  'a type that is not understood': (_name, secret) => ({
    body: `PK\u0003 ${secret}`,
    contentType: 'application/zip',
  }),
  'no form at all': (_name, secret) => ({ body: `the secret is ${secret}`, contentType: 'text/plain' }),
};

/** A body of every form, with a secret under a promised name in each place that the form has for one. */
export const plantedBody: fc.Arbitrary<PlantedBody> = fc
  .tuple(
    fc.constantFrom(...Object.keys(MAKERS)),
    secretName,
    anySecret,
    jsonWith(anySecret),
    fc.nat({ max: 400 }),
  )
  .map(([form, name, secret, json, padding]) => {
    const { body, contentType } = MAKERS[form]!(name, secret, json);
    // Moves the place where the body is cut.
    const padded = typeof body === 'string' || padding % 2 === 0 ? body : { pad: 'x'.repeat(padding), body };
    return { form, body: padded, contentType };
  });

/** A text of a field with a secret in it. */
export const plantedText = fc
  .tuple(secretName, plainSecret, fc.nat({ max: 8 }))
  .map(([name, secret, form]) => {
    const plain = simple(name);
    if (form === 0) return `failed with ${plain}=${secret} at 12:30`;
    if (form === 1) return `${plain}: ${secret}`;
    if (form === 2) return `sent {"${name}": ${JSON.stringify(secret)}} and more`;
    if (form === 3) return `GET https://bob:${secret}@host/x?y=1 failed`;
    if (form === 4) return `see https://host/x?a=1&${percent(name)}=${percent(secret)}`;
    if (form === 5) return `'${plain}' => '${secret}'`;
    if (form === 6) return `${plain}${' '.repeat(20)}=${' '.repeat(20)}"${secret}"`;
    if (form === 7) return `x=${percent(`{"${name}":"${secret}"}`)}`;
    return `<e><${plain}>${escaped(secret)}</${plain}></e>`;
  });

/** A path with a secret in it. */
export const plantedPath = fc
  .tuple(secretName, anySecret, plainSecret, jsonWith(plainSecret), fc.nat({ max: 5 }))
  .map(([name, secret, plain, json, form]) => {
    if (form === 0) return `/x?a=1&${percent(name)}=${percent(secret)}&b=2`;
    if (form === 1) return `/x?data={"${name}":${JSON.stringify(plain)}}`;
    if (form === 2) return `/x?q=${simple(name)}:${percent(plain)}`;
    if (form === 3) return `/x?next=${percent(`https://bob:${plain}@h/?${name}=${plain}`)}`;
    if (form === 4) return `/x?j=${percent(JSON.stringify(json))}`;
    return `/x?a=%zz%26${percent(name)}%3D${percent(percent(secret))}`;
  })
  // Of those that ingest takes.
  .filter((path) => path.length < 8_000);
