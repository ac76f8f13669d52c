/**
 * Folds the case of a text by Unicode's simple case folding, which needs no locale and keeps the number of characters. Texts are
 * equal regardless of case if their folded forms are equal; the flags `iu` of a regular expression hold the same characters equal.
 */
export function foldCase(text: string): string {
  const folded = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return NOT_ASCII.test(folded) ? folded.replace(/[^\0-\x7f]/gu, foldCharacter) : folded;
}

/** The characters that are equal to this one regardless of case, with itself. */
export function caseVariants(character: string): readonly string[] {
  const folded = foldCase(character);
  return (NOT_ASCII.test(folded) ? otherVariants() : ASCII_VARIANTS).get(folded) ?? [folded];
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Characters that fold to another one, although they are neither its upper nor its lower case as one character. */
const FOLDED: Readonly<Record<string, string>> = {
  '\u1fd3': '\u0390',
  '\u1fe3': '\u03b0',
  '\ufb05': '\ufb06',
};
/** The dotless i: the only character that does not fold to the lower case of its upper case. */
const DOTLESS_I = '\u0131';

const folds = new Map<string, string>();

function foldCharacter(character: string): string {
  const known = folds.get(character);
  if (known !== undefined) return known;
  const folded = foldOf(character);
  // Characters without case are not kept, so that the map stays small.
  if (folded !== character) folds.set(character, folded);
  return folded;
}

function foldOf(character: string): string {
  if (character === DOTLESS_I) return character;
  const lower = character.toLowerCase();
  if (lower !== character) return isOne(lower) ? lower : character;
  const upper = character.toUpperCase();
  if (upper === character || !isOne(upper)) return FOLDED[character] ?? character;
  const folded = upper.toLowerCase();
  return isOne(folded) ? folded : character;
}

function isOne(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1);
}

/** The letters A to Z, with the long s and the Kelvin sign. */
const ASCII_VARIANTS: ReadonlyMap<string, readonly string[]> = new Map(
  [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => {
    const others = letter === 's' ? ['\u017f'] : letter === 'k' ? ['\u212a'] : [];
    return [letter, [letter, letter.toUpperCase(), ...others]];
  }),
);

/** No character from here on has a case. */
const CASELESS_FROM = 0x20000;

let others: Map<string, string[]> | undefined;

/** By folded character: the characters that fold to it. Finding them takes about 20 ms, so they are found when needed first. */
function otherVariants(): ReadonlyMap<string, readonly string[]> {
  if (others !== undefined) return others;
  others = new Map();
  for (let code = 0x80; code < CASELESS_FROM; code++) {
    const character = String.fromCodePoint(code);
    const folded = foldOf(character);
    if (folded === character) continue;
    const known = others.get(folded);
    if (known === undefined) others.set(folded, [folded, character]);
    else known.push(character);
  }
  return others;
}
