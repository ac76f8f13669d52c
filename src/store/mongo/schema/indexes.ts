import { isDeepStrictEqual } from 'node:util';
import type { IndexDescriptionInfo } from 'mongodb';
import type { DeclaredCollection, DeclaredIndex } from './collections.ts';
import type { Finding } from './finding.ts';

/** Compares the indexes of a collection with the declared ones. */
export function indexFindings(
  collection: DeclaredCollection,
  found: readonly IndexDescriptionInfo[],
): Finding[] {
  const declared = collection.indexes.flatMap((index) => declaredFindings(collection, index, found));
  const known = ['_id_', ...collection.indexes.map(({ name }) => name)];
  const others = found.filter(
    (index) => !known.includes(index.name ?? '') && !isOfShardKey(index, collection),
  );
  return [...declared, ...others.map((index) => undeclaredFinding(collection, index))];
}

function declaredFindings(
  collection: DeclaredCollection,
  index: DeclaredIndex,
  found: readonly IndexDescriptionInfo[],
): Finding[] {
  const label = `The index ${index.name} of ${collection.name}`;
  const finding = { kind: 'index', collection, index } as const;
  const named = found.find(({ name }) => name === index.name);
  if (named !== undefined) {
    const differences = differencesOf(index, named);
    if (differences.length === 0) return [];
    const impact = impactOf(index, named, differences);
    const message = `${label} differs from its declaration (${differences.join(', ')}): ${EFFECTS[impact]}. ${replacing(collection, index.name)}`;
    return [{ ...finding, state: 'different', ...(impact !== 'slow' && { impact }), message }];
  }
  const twin = found.find((other) => differencesOf(index, other).length === 0);
  if (twin !== undefined) {
    const message = `${label} exists under the name ${twin.name}: ${EFFECTS.unusable}. ${replacing(collection, twin.name!)}`;
    return [{ ...finding, state: 'different', impact: 'unusable', message }];
  }
  const impact = index.unique ? 'wrong' : 'unusable';
  return [
    { ...finding, state: 'missing', impact, message: `${label} is missing; doctor --build creates it.` },
  ];
}

function replacing({ name }: DeclaredCollection, index: string): string {
  return `It is not changed; to replace it, run db.${name}.dropIndex(${JSON.stringify(index)}) and doctor --build.`;
}

const EFFECTS = {
  wrong: 'queries could return wrong results or logs could be lost, so the gateway rejects every request',
  unusable: 'queries that need it fail',
  slow: 'queries that need it are slow',
} as const;

/** Returns what happens to queries that are sent with the found index as a hint instead of the declared one. */
function impactOf(
  declared: DeclaredIndex,
  found: IndexDescriptionInfo,
  differences: readonly Property[],
): keyof typeof EFFECTS {
  const isWrong: Record<Property, boolean> = {
    // Other fields still find the same logs, except in index types that skip documents (text, wildcard, geospatial).
    key:
      declared.unique === true || !Object.values(found.key).every((order) => Math.abs(Number(order)) === 1),
    unique: true,
    sparse: true,
    partialFilterExpression: true,
    collation: true,
    expireAfterSeconds: declared.expireAfterSeconds === undefined,
    hidden: false,
  };
  if (differences.some((property) => isWrong[property])) return 'wrong';
  return differences.includes('hidden') ? 'unusable' : 'slow';
}

function undeclaredFinding(collection: DeclaredCollection, found: IndexDescriptionInfo): Finding {
  const { name = '', unique, expireAfterSeconds } = found;
  const label = `The index ${name} of ${collection.name}`;
  const finding = { kind: 'index', collection, index: { name }, state: 'undeclared' } as const;
  if (unique === true) {
    const message = `${label} is not declared by Relaylog and is unique: it could reject logs, so the gateway rejects every request until it is dropped.`;
    return { ...finding, impact: 'wrong', message };
  }
  const deletes = expireAfterSeconds === undefined ? '' : ' The server also deletes documents by it.';
  const message = `${label} is not declared by Relaylog. It is not dropped, but it slows down every write.${deletes}`;
  return { ...finding, message };
}

/** Returns whether the index is the one that sharding the collection needs. */
function isOfShardKey({ key }: IndexDescriptionInfo, { shardKey = {} }: DeclaredCollection): boolean {
  return isDeepStrictEqual(Object.entries(key), Object.entries(shardKey));
}

/** Returns the names of the properties that differ. */
function differencesOf(declared: DeclaredIndex, found: IndexDescriptionInfo): Property[] {
  const [own, other] = [propertiesOf(declared), propertiesOf(found)];
  return (Object.keys(own) as Property[]).filter(
    (property) => !isDeepStrictEqual(own[property], other[property]),
  );
}

type Property = keyof ReturnType<typeof propertiesOf>;

/** The properties of an index that decide which queries it can serve and which documents it allows. */
function propertiesOf(index: IndexDescriptionInfo | DeclaredIndex) {
  const { unique, sparse, hidden, expireAfterSeconds, collation, partialFilterExpression } =
    index as IndexDescriptionInfo;
  return {
    // The order of the keys matters.
    key: Object.entries(index.key),
    unique: unique === true,
    sparse: sparse === true,
    partialFilterExpression,
    collation,
    expireAfterSeconds,
    hidden: hidden === true,
  };
}
