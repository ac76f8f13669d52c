import type { ApiKey, KeyOwner, Organization } from '../store.ts';
import type { Connection } from './connection.ts';
import {
  documentFromKey,
  documentFromOrganization,
  keyFromDocument,
  organizationFromDocument,
} from './documents.ts';
import { isDuplicate } from './errors.ts';

export async function createOrganization(
  { organizations }: Connection,
  organization: Organization,
): Promise<boolean> {
  try {
    await organizations.insertOne(documentFromOrganization(organization));
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

export async function findOrganization(
  { organizations, budget }: Connection,
  id: string,
): Promise<Organization | null> {
  const found = await organizations.findOne({ _id: id }, budget());
  return found && organizationFromDocument(found);
}

export async function listOrganizations({ organizations, budget }: Connection): Promise<Organization[]> {
  const found = await organizations.find({}, { ...budget(), sort: { _id: 1 } }).toArray();
  return found.map(organizationFromDocument);
}

export async function setPlan({ organizations }: Connection, id: string, plan: string): Promise<boolean> {
  const { matchedCount } = await organizations.updateOne({ _id: id }, { $set: { plan } });
  return matchedCount === 1;
}

export async function createKey({ keys }: Connection, key: ApiKey): Promise<void> {
  await keys.insertOne(documentFromKey(key));
}

export async function findKeyOwner(connection: Connection, hash: string): Promise<KeyOwner | null> {
  const found = await connection.keys.findOne({ hash, revokedAt: null }, connection.budget());
  if (found === null) return null;
  const organization = await findOrganization(connection, found.organizationId);
  return organization && { key: keyFromDocument(found), organization };
}

export async function listKeys({ keys, budget }: Connection, organizationId: string): Promise<ApiKey[]> {
  const sort = { createdAt: 1, _id: 1 } as const;
  return (await keys.find({ organizationId }, { ...budget(), sort }).toArray()).map(keyFromDocument);
}

export async function deleteExpiredKeys(
  { keys }: Connection,
  organizationId: string,
  now: number,
): Promise<number> {
  // A date compares only with dates, so keys without an expiry do not match.
  return (await keys.deleteMany({ organizationId, expiresAt: { $lte: new Date(now) } })).deletedCount;
}

export async function recordKeyUse({ keys }: Connection, id: string, now: number): Promise<void> {
  await keys.updateOne({ _id: id }, { $max: { lastUsedAt: new Date(now) } });
}

export async function revokeKey({ keys, budget }: Connection, id: string, now: number): Promise<boolean> {
  const revokedAt = new Date(now);
  const { matchedCount } = await keys.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt } });
  return matchedCount === 1 || (await keys.findOne({ _id: id }, budget())) !== null;
}
