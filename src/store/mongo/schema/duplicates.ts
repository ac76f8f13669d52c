import type { Document } from 'mongodb';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection, type DeclaredIndex } from './collections.ts';

/** The maximum number of shared values that the description lists. */
const MAX_LISTED = 10;

/** Describes the documents that violate a unique index, and how to fix that. Returns null if there are none. */
export async function describeDuplicates(
  { db }: Connection,
  { name }: DeclaredCollection,
  index: DeclaredIndex,
): Promise<string | null> {
  const fields = Object.keys(index.key);
  const keys = Object.fromEntries(fields.map((field) => [field, `$${field}`]));
  const found = await db
    .collection(name)
    .aggregate(
      [
        { $group: { _id: keys, count: { $sum: 1 }, first: { $min: '$_id' }, last: { $max: '$_id' } } },
        { $match: { count: { $gt: 1 } } },
        { $limit: MAX_LISTED + 1 },
      ],
      { allowDiskUse: true },
    )
    .toArray();
  if (found.length === 0) return null;
  const listed = found.slice(0, MAX_LISTED).map((duplicate) => describe(name, duplicate));
  const more = found.length > MAX_LISTED ? '; and more' : '';
  const payloads = name === COLLECTIONS.logs.name ? ` and ${COLLECTIONS.payloads.name}` : '';
  return (
    `these documents have the same ${fields.join(' and ')}: ${listed.join('; ')}${more}. ` +
    `Keep one of each, delete the others from ${name}${payloads} by _id, and run doctor --build again`
  );
}

/** The hash of a key is not shown. */
function describe(name: string, { _id, count, first, last }: Document): string {
  const values = name === COLLECTIONS.keys.name ? '' : `${Object.values(_id).join(' ')}: `;
  return `${values}${count} documents, _id ${first}${count > 2 ? ' to' : ' and'} ${last}`;
}
