import type { CodedText } from './redact/coded-text.ts';
import {
  CHARACTERS,
  folded,
  foldName,
  NAME_CHARACTERS,
  SEPARATOR,
  UNREAD,
} from './redact/name-characters.ts';
import { wordAutomaton } from './redact/word-automaton.ts';

/** Names of headers, query parameters, form fields, XML elements and JSON keys whose values are never stored. */
export const SECRET_NAMES = {
  /** A name that contains one of these is secret: `new_password`, `x-vault-secret-id`. */
  anywhere: [
    'password',
    'passwd',
    'passphrase',
    'secret',
    'authkey',
    'apikey',
    'accesskey',
    'privatekey',
    'cookie',
  ],
  /** A name that ends with one of these is secret: `access_token`, `X-Forwarded-Authorization`. */
  atTheEnd: ['token', 'authorization', 'signature', 'credential', 'credentials', 'sessionid', 'jwt'],
  /** A name that equals one of these is secret. */
  whole: ['pwd', 'pass', 'bearer', 'auth', 'sid', 'sig', 'cardnumber', 'cvc', 'cvv', 'pin', 'otp', 'ssn'],
} as const;

/**
 * Whether the characters of a text from `start` up to `end` are a secret name.
 *
 * @param payForFolding called before escapes and look-alikes are read, once at most; false: there is no work left, and the name counts as secret.
 */
export type IsSecret = (
  text: CodedText,
  start: number,
  end: number,
  payForFolding?: () => boolean,
) => boolean;

const ANYWHERE = 1;
const AT_THE_END = 2;
const WHOLE = 4;

/**
 * Returns a function that tells whether a name is secret. It ignores case, `-` and `_`, checks each part of compound
 * names such as `user[password]` and `user.password`, checks the name without its separators (`api.key`), and decodes
 * escapes: `pass%77ord` and `pass\u0077ord` are `password`. The time is linear in the length of the name.
 *
 * @param extra additional secret names; they match complete names.
 */
export function secretNames(extra: readonly string[]): IsSecret {
  const whole = [...SECRET_NAMES.whole, ...extra.map(plainName).filter((name) => name !== '')];
  const words = [
    ...SECRET_NAMES.anywhere.map((word) => [word, ANYWHERE] as const),
    ...SECRET_NAMES.atTheEnd.map((word) => [word, AT_THE_END] as const),
    ...whole.map((word) => [word, WHOLE] as const),
  ];
  const { rows, flags, ownFlags, depths } = wordAutomaton(words, ANYWHERE);
  const shortest = Math.min(...whole.map((word) => word.length));
  const isLast = (row: number, length: number) => {
    const state = row / CHARACTERS;
    return (
      (flags[state]! & AT_THE_END) !== 0 || (depths[state] === length && (ownFlags[state]! & WHOLE) !== 0)
    );
  };

  return (text, start, end, payForFolding) => {
    if (end - start < shortest) return false;
    // The characters are read from the text up to the first one that only `foldName` reads.
    const { codes } = text;
    let rest: Uint8Array | null = null;
    let last = end;
    let part = 0;
    let partLength = 0;
    let joined = 0;
    let length = 0;
    let hasParts = false;
    for (let i = start; i < last; i++) {
      const character = rest === null ? NAME_CHARACTERS[codes[i]!]! : rest[i]!;
      if (character < SEPARATOR) {
        joined = rows[joined + character]!;
        // A word that ends in a part ends in the whole name, too.
        if (joined < 0) return true;
        length++;
        if (hasParts) {
          part = rows[part + character]!;
          partLength++;
        }
      } else if (character === SEPARATOR) {
        if (hasParts ? isLast(part, partLength) : isLast(joined, length)) return true;
        hasParts = true;
        part = 0;
        partLength = 0;
      } else if (character === UNREAD) {
        if (payForFolding?.() === false) return true;
        last = foldName(text, i, end);
        rest = folded;
        i = -1;
      }
    }
    return isLast(joined, length) || (hasParts && isLast(part, partLength));
  };
}

/** Letters in lower case and digits. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
