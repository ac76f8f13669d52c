/** Returns whether a percent-encoded part of a URL decodes to valid UTF-8. A stray percent sign counts as a literal one. */
export function isUtf8Encoded(part: string): boolean {
  try {
    decodeURIComponent(part.replaceAll(/%(?![\da-f]{2})/gi, '%25'));
    return true;
  } catch {
    return false;
  }
}
