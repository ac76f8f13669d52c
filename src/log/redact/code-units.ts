/** Up to this length a buffer costs more than it saves, and V8 copies what is added. */
const SHORT = 10;

/**
 * Builds a text from its characters. The text is in one piece of memory: one that is made by adding strings is a tree,
 * which V8 first has to copy when it is read.
 */
export class CodeUnits {
  #units = new Uint16Array(4_096);
  /** The same memory as `#units`, and the low byte of each unit. */
  #wide = Buffer.from(this.#units.buffer);
  #narrow = Buffer.alloc(4_096);
  #length = 0;
  /** The bits of all units. */
  #all = 0;

  /** Begins a text of at most so many UTF-16 code units, which takes the place of the last one. */
  start(most: number): void {
    if (this.#units.length < most) {
      this.#units = new Uint16Array(most * 2);
      this.#wide = Buffer.from(this.#units.buffer);
      this.#narrow = Buffer.alloc(most * 2);
    }
    this.#length = 0;
    this.#all = 0;
  }

  /** Adds a character by its code point. */
  add(codePoint: number): void {
    let code = codePoint;
    if (code > 0xffff) {
      this.#units[this.#length++] = 0xd800 + ((code - 0x10000) >> 10);
      code = 0xdc00 + ((code - 0x10000) & 0x3ff);
      this.#all = 0xffff;
    }
    this.#narrow[this.#length] = code;
    this.#units[this.#length++] = code;
    this.#all |= code;
  }

  /** Adds the characters of a text from `start` up to the first that is one of two. Returns where that one stands. */
  addUntil(text: string, start: number, stop: number, otherStop: number): number {
    const [units, narrow] = [this.#units, this.#narrow];
    let [length, all] = [this.#length, this.#all];
    let i = start;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === stop || code === otherStop) break;
      narrow[length] = code;
      units[length++] = code;
      all |= code;
    }
    this.#length = length;
    this.#all = all;
    return i;
  }

  text(): string {
    if (this.#length <= SHORT) {
      let short = '';
      for (let i = 0; i < this.#length; i++) short += String.fromCharCode(this.#units[i]!);
      return short;
    }
    // One byte for each character where that is enough, as other texts have it.
    return this.#all < 0x100
      ? this.#narrow.toString('latin1', 0, this.#length)
      : this.#wide.toString('utf16le', 0, this.#length * 2);
  }
}
