import { badInput, RelaylogError } from '../log/errors.ts';
import { isLogId } from '../log/log-id.ts';
import { isViewerId } from './viewer-id.ts';

/** Types that can appear in a global id, each with a check for the format of its ids. */
const NODE_TYPES = { RequestLog: isLogId, Viewer: isViewerId } as const;
export type NodeType = keyof typeof NODE_TYPES;

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

export interface GlobalId {
  readonly typename: NodeType;
  readonly id: string;
}

/**
 * Decodes a global id.
 *
 * @throws RelaylogError BAD_USER_INPUT if the text is not exactly an id that `encodeGlobalId` returns; ID_TYPE_MISMATCH if it
 * has the form of a global id, but is the id of another type.
 */
export function decodeGlobalId(globalId: string): GlobalId {
  const text = Buffer.from(globalId, 'base64url').toString('latin1');
  const [, typename = '', id = ''] = /^([A-Za-z_]\w{0,63}):([^:]+)$/.exec(text) ?? [];
  const known = Object.keys(NODE_TYPES).join(', ');
  if (isNodeType(typename)) {
    if (NODE_TYPES[typename](id) && encodeGlobalId(typename, id) === globalId) return { typename, id };
  } else if (typename !== '' && Buffer.from(text, 'latin1').toString('base64url') === globalId) {
    throw new RelaylogError(
      'ID_TYPE_MISMATCH',
      `This is the id of a ${typename}; ids of these types are accepted: ${known}.`,
    );
  }
  throw badInput(`The id is malformed: pass the \`id\` of an object from this API (${known}).`);
}

function isNodeType(name: string): name is NodeType {
  return Object.hasOwn(NODE_TYPES, name);
}
