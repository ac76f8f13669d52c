import { badInput } from '../log/errors.ts';
import { isLogId } from '../log/log-id.ts';

/** The types that a global id may name, each with the form of its own ids. */
const NODE_TYPES: Readonly<Record<string, (id: string) => boolean>> = { RequestLog: isLogId };

/** Each id is written over the one before: to make a Buffer for each costs three times as much. */
const written = Buffer.alloc(256);
let writtenType = '';
let start = 0;

/** A global id: type and id as URL-safe text; both are ASCII, and short. */
export function encodeGlobalId(typename: string, id: string): string {
  if (typename !== writtenType) {
    start = written.write(`${typename}:`, 'latin1');
    writtenType = typename;
  }
  return written.toString('base64url', 0, start + written.write(id, start, 'latin1'));
}

/** @throws RelaylogError BAD_USER_INPUT if the text is not, to the character, what `encodeGlobalId` gives. */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const [typename = '', id = ''] = Buffer.from(globalId, 'base64url').toString('latin1').split(':', 2);
  const valid = Object.hasOwn(NODE_TYPES, typename) && NODE_TYPES[typename]!(id);
  if (valid && encodeGlobalId(typename, id) === globalId) return { typename, id };
  const known = Object.keys(NODE_TYPES).join(', ');
  throw badInput(`The id is malformed: pass the \`id\` of an object of this API (${known}).`);
}
