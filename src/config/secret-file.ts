import { readFileSync, statSync } from 'node:fs';

const MAX_BYTES = 65_536;

/** The variable that names the file of a secret, where the secret itself is not set. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}

/**
 * Reads a secret from its file: one line; a line break at its end is left out.
 *
 * @param variable that names the file, for messages, which never repeat what the file holds.
 * @throws Error if the file cannot be read, or is no such line.
 */
export function readSecret(variable: string, file: string): string {
  const problem = (what: string) => new Error(`${variable} names ${JSON.stringify(file)}, which ${what}`);
  const text = read(file, problem).replace(/\r?\n$/, '');
  if (text === '') throw problem('is empty');
  if (/\p{Cc}/u.test(text)) throw problem('has several lines or control characters; one line is accepted');
  return text;
}

function read(file: string, problem: (what: string) => Error): string {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw problem('is not a regular file');
    if (found.size > MAX_BYTES) throw problem(`is larger than ${MAX_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw problem('is not UTF-8');
    if (code !== undefined) throw problem(`cannot be read (${code})`);
    throw error;
  }
}
