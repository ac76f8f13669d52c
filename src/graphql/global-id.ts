import { badInput } from '../log/errors.ts';
import { isLogId } from '../log/log-id.ts';

/** Types that can appear in a global id, each with a check for the format of its ids. */
const NODE_TYPES: Readonly<Record<string, (id: string) => boolean>> = { RequestLog: isLogId };

/** Buffer that every id reuses; allocating one per id takes three times as long. */
const buffer = Buffer.alloc(256);
/** Type name that the buffer starts with, and where the id starts. */
let bufferedType = '';
let start = 0;

/** Encodes a type name and an id as base64url. Both must be ASCII and together shorter than the buffer. */
export function encodeGlobalId(typename: string, id: string): string {
  if (typename !== bufferedType) {
    start = buffer.write(`${typename}:`, 'latin1');
    bufferedType = typename;
  }
  return buffer.toString('base64url', 0, start + buffer.write(id, start, 'latin1'));
}

/** @throws RelaylogError BAD_USER_INPUT if the text is not exactly an id that `encodeGlobalId` returns. */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const [typename = '', id = ''] = Buffer.from(globalId, 'base64url').toString('latin1').split(':', 2);
  const valid = Object.hasOwn(NODE_TYPES, typename) && NODE_TYPES[typename]!(id);
  if (valid && encodeGlobalId(typename, id) === globalId) return { typename, id };
  const known = Object.keys(NODE_TYPES).join(', ');
  throw badInput(`The id is malformed: pass the \`id\` of an object from this API (${known}).`);
}
