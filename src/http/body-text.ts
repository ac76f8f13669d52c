import { badInput } from '../log/errors.ts';

/** The text of a request's body. @throws RelaylogError BAD_USER_INPUT where it is not well-formed UTF-8. */
export function bodyText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badInput('The body is not well-formed UTF-8.');
  }
}
