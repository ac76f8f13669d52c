const MAX_LENGTH = 256;
/** Texts are written here over one another; a unit takes three bytes at most. */
const written = Buffer.alloc(3 * MAX_LENGTH);

/**
 * The same text in one piece of memory. A text that was made of parts stays a tree of them until it is needed whole, and
 * `JSON.stringify` leaves its fast way for all that follows the first one: it takes twice the time for a page.
 */
export function whole(text: string): string {
  if (text.length > MAX_LENGTH) return text;
  const length = written.write(text);
  // One byte for each unit: it is ASCII.
  return length === text.length ? written.toString('latin1', 0, length) : text;
}
