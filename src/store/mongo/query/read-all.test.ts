import type { Collection, Document } from 'mongodb';
import { expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import { readAll } from './read-all.ts';

const documents = Array.from({ length: 3 }, (_, _id) => ({ _id }));

/** Reads from a fake server that leaves its cursor open after `inReply` documents and rejects `killCursors`; records its commands. */
async function readFrom(inReply: number) {
  const requested: Document[] = [];
  const db = {
    async command(command: Document) {
      requested.push(command);
      if (command.killCursors !== undefined) throw new Error('no such cursor');
      return { cursor: { id: 7, firstBatch: documents.slice(0, inReply) } };
    },
  };
  const collection = {
    collectionName: 'logs',
    find(_filter: object, options: object) {
      requested.push({ cursor: options });
      return documents;
    },
  } as unknown as Collection<{ _id: number }>;
  const connection = { db, budget: () => ({ maxTimeMS: 1 }) } as unknown as Connection;
  const found = await readAll(connection, collection, { filter: {}, limit: 3, hint: 'h' });
  return { requested, found };
}

it('accepts a complete reply although the server leaves the cursor open', async () => {
  const { requested, found } = await readFrom(3);
  expect(found).toEqual(documents);
  expect(requested).toMatchObject([
    { find: 'logs', limit: 3, batchSize: 4 },
    { killCursors: 'logs', cursors: [expect.objectContaining({ low: 7 })] },
  ]);
});

it('falls back to a cursor if one reply is not complete', async () => {
  const { requested, found } = await readFrom(2);
  expect(found).toEqual(documents);
  expect(requested.at(-1)).toMatchObject({ cursor: { limit: 3, batchSize: 4 } });
});
