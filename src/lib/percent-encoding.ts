/** Whether the bytes that a part of a URL stands for are UTF-8. A stray percent sign stands for itself. */
export function isUtf8Encoded(part: string): boolean {
  try {
    decodeURIComponent(part.replaceAll(/%(?![\da-f]{2})/gi, '%25'));
    return true;
  } catch {
    return false;
  }
}
