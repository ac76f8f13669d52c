import type { CodedText } from './coded-text.ts';

/** Up to this length a buffer costs more than it saves, and V8 copies what is added. */
const SHORT = 10;

/**
 * Builds a text from its characters. The text is in one piece of memory: one that is made by adding strings is a tree,
 * which V8 first has to copy when it is read.
 */
export class CodeUnits {
  /** One byte for each character, as long as that is enough. */
  #narrow = Buffer.alloc(4_096);
  /** Two bytes for each, from the first one on that needs them. */
  #wide = new Uint16Array(4_096);
  #isWide = false;
  #length = 0;

  /** Begins a text of at most so many UTF-16 code units, which takes the place of the last one. */
  start(most: number): void {
    if (this.#narrow.length < most) {
      this.#narrow = Buffer.alloc(most * 2);
      this.#wide = new Uint16Array(most * 2);
    }
    this.#length = 0;
    this.#isWide = false;
  }

  /** Adds a character by its code point. */
  add(codePoint: number): void {
    if (codePoint > 0xff && !this.#isWide) this.#widen();
    if (!this.#isWide) this.#narrow[this.#length++] = codePoint;
    else if (codePoint > 0xffff) {
      this.#wide[this.#length++] = 0xd800 + ((codePoint - 0x10000) >> 10);
      this.#wide[this.#length++] = 0xdc00 + ((codePoint - 0x10000) & 0x3ff);
    } else this.#wide[this.#length++] = codePoint;
  }

  /** Adds the characters of a text from `start` up to the first that is one of two. Returns where that one stands. */
  addUntil(text: CodedText, start: number, stop: number, otherStop: number): number {
    let length = this.#length;
    let i = start;
    if (!this.#isWide) {
      const narrow = this.#narrow;
      for (; i < text.length; i++) {
        const code = text.codes[i]!;
        if (code === stop || code === otherStop || code > 0xff) break;
        narrow[length++] = code;
      }
      this.#length = length;
      if (i === text.length || text.codes[i]! <= 0xff) return i;
      this.#widen();
    }
    const wide = this.#wide;
    for (; i < text.length; i++) {
      const code = text.codes[i]!;
      if (code === stop || code === otherStop) break;
      wide[length++] = code;
    }
    this.#length = length;
    return i;
  }

  text(): string {
    if (this.#length <= SHORT) {
      let short = '';
      const units = this.#isWide ? this.#wide : this.#narrow;
      for (let i = 0; i < this.#length; i++) short += String.fromCharCode(units[i]!);
      return short;
    }
    return this.#isWide
      ? Buffer.from(this.#wide.buffer).toString('utf16le', 0, this.#length * 2)
      : this.#narrow.toString('latin1', 0, this.#length);
  }

  #widen(): void {
    this.#wide.set(this.#narrow.subarray(0, this.#length));
    this.#isWide = true;
  }
}
