import { CHARACTERS, nameCharacter } from './name-characters.ts';

/** Finds all of many words in one pass over a text (Aho and Corasick). States are numbers; 0 is the start. */
export interface WordAutomaton {
  /**
   * `rows[row + character]` is the row of the state after a character: the number of the state times `CHARACTERS`, so that a
   * step needs no multiplication. -1 if a word ends there that ends the search.
   */
  readonly rows: Int32Array;
  /** The flags of all words that end where this state is reached. */
  readonly flags: Uint8Array;
  /** The flags of the word that is this state's whole text. */
  readonly ownFlags: Uint8Array;
  /** How many characters the text of a state has. */
  readonly depths: Uint16Array;
}

/**
 * @param words each with its flags; letters and digits only.
 * @param ending the flag of words that end the search.
 */
export function wordAutomaton(
  words: Iterable<readonly [word: string, flags: number]>,
  ending: number,
): WordAutomaton {
  const children: number[][] = [[]];
  const ownFlags = [0];
  const depths = [0];
  for (const [word, flag] of words) {
    let state = 0;
    for (const one of word) {
      const character = nameCharacter(one);
      const known = children[state]![character];
      if (known === undefined) {
        children[state]![character] = children.length;
        depths.push(depths[state]! + 1);
        ownFlags.push(0);
        children.push([]);
      }
      state = children[state]![character]!;
    }
    ownFlags[state]! |= flag;
  }
  const next = new Uint16Array(children.length * CHARACTERS);
  const flags = Uint8Array.from(ownFlags);
  const fallback = new Uint16Array(children.length);
  const queue = [0];
  for (const state of queue) {
    for (let character = 0; character < CHARACTERS; character++) {
      const child = children[state]![character];
      const other = state === 0 ? 0 : next[fallback[state]! * CHARACTERS + character]!;
      next[state * CHARACTERS + character] = child ?? other;
      if (child === undefined) continue;
      fallback[child] = other;
      flags[child]! |= flags[other]!;
      queue.push(child);
    }
  }
  const rows = Int32Array.from(next, (state) => ((flags[state]! & ending) !== 0 ? -1 : state * CHARACTERS));
  return { rows, flags, ownFlags: Uint8Array.from(ownFlags), depths: Uint16Array.from(depths) };
}
