export const REDACTED = '[REDACTED]';

/** Replacements in one text, in ascending order and without overlap. */
export class Edits {
  readonly #text: string;
  #done = '';
  #end = 0;
  /** Whether anything was replaced. */
  changed = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Replaces the characters from `start` up to `end`. What an earlier replacement already covers is left to that one. */
  replace(start: number, end: number, by: string = REDACTED): void {
    if (start < this.#end) return;
    this.#done += this.#text.slice(this.#end, start) + by;
    this.#end = end;
    this.changed = true;
  }

  /** The text with its replacements; the same string if there are none. */
  result(): string {
    return this.changed ? this.#done + this.#text.slice(this.#end) : this.#text;
  }
}
