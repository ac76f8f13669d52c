import { gzipSync } from 'node:zlib';

/** A body of the ingest endpoint that costs as much as possible to refuse. */
export interface HostileBatch {
  readonly name: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly type: 'application/json' | 'application/x-ndjson';
  readonly gzip?: true;
  readonly status: 400 | 413;
}

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';

/** @param bytes at most so many, unpacked. @param createdAt a time that the server takes, Unix milliseconds. */
export function hostileBatches(bytes: number, createdAt: number): HostileBatch[] {
  const fill = (unit: string, room = bytes - 200) => unit.repeat(Math.floor(room / Buffer.byteLength(unit)));
  const list = (unit: string) => fill(`${unit},`).slice(0, -1);
  const log = (member: string) =>
    `{"createdAt":${createdAt},"method":"GET","path":"/","statusCode":200,${member}}`;
  const one = (member: string) => `[${log(member)}]`;
  const keys = Array.from(
    { length: Math.floor(bytes / 17) },
    (_, i) => `"k${i.toString(36)}":${i % 10}`,
  ).join(',');
  const wrong = `{${Array.from({ length: 40 }, (_, i) => `"k${i}":1`).join(',')}}`;
  const json = (name: string, text: string | Buffer, status: 400 | 413 = 400) =>
    ({
      name,
      body: Buffer.from(text as string),
      type: JSON_TYPE,
      status,
    }) as const;
  const lines = (name: string, text: string, status: 400 | 413 = 400) =>
    ({
      name,
      body: Buffer.from(text),
      type: LINES_TYPE,
      status,
    }) as const;
  return [
    json('brackets', fill('[')),
    json('objects in objects', fill('{"a":')),
    json('one log with many keys', one(keys)),
    json('one body with many keys', one(`"requestBody":{${keys}}`)),
    json('one key, again and again', one(list('"a":1'))),
    json('a body of numbers', one(`"requestBody":[${list('0')}]`)),
    json('a body of empty arrays', one(`"requestBody":[${list('[]')}]`)),
    json('a header of lone surrogates', one(`"requestHeaders":{"a":["${fill('\\ud800')}",1]}`)),
    json('empty logs', `[${list('{}')}]`, 413),
    json('numbers', `[${list('0')}]`, 413),
    json('commas', fill(',')),
    json('blanks', fill(' ')),
    json('a string that does not end', `["${fill('w')}`),
    json(
      'bytes that are no UTF-8 after a long text',
      Buffer.concat([Buffer.from(`["${fill('ä')}`), Buffer.from([0xff])]),
    ),
    json(
      'an array that breaks off after valid logs',
      `[${list(log('"durationMs":1'))}`.slice(0, 9_000 * log('"durationMs":1').length),
    ),
    json('wrong logs', `[${Array.from({ length: 10_000 }, () => wrong).join(',')}]`),
    lines('lines', fill('{\n'), 413),
    lines('newlines', fill('\n')),
    lines('blank lines', fill(' \t\r\n')),
    lines('10,000 lines that are not JSON', fill('{"a":\n', 60_000)),
    { ...lines('a gzip bomb of lines', '', 413), body: gzipSync(fill('{\n')), gzip: true },
    { ...lines('a gzip bomb of blanks', '', 413), body: gzipSync(Buffer.alloc(20 * bytes, ' ')), gzip: true },
  ];
}
