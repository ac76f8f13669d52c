import type { ApiKey, KeyOwner, Organization } from '../store.ts';
import type { Database } from './database.ts';
import { damaged, intact } from './errors.ts';
import { KeyOwners } from './key-owners.ts';
import { raw, type Sql, sql } from './sql/sql.ts';

type KeyRow = Omit<ApiKey, 'scopes'> & { scopes: string };

/** The calls of the store that are about organizations, keys, leases and the secret. */
export class AccessOperations {
  readonly #db: Database;
  readonly owners: KeyOwners;

  constructor(db: Database) {
    this.#db = db;
    this.owners = new KeyOwners(db);
  }

  lease(name: string, holder: string, until: number, now: number): boolean {
    return (
      this.#write(sql`
        INSERT INTO leases (name, holder, until) VALUES (${name}, ${holder}, ${until})
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.holder = excluded.holder OR leases.until <= ${now}`) === 1
    );
  }

  createOrganization({ id, plan, createdAt }: Organization): boolean {
    return (
      this.#write(
        sql`INSERT INTO organizations (id, plan, created_at) VALUES (${id}, ${plan}, ${createdAt})
          ON CONFLICT DO NOTHING`,
      ) === 1
    );
  }

  findOrganization(id: string): Organization | null {
    return this.#organizations(sql`WHERE id = ${id}`)[0] ?? null;
  }

  listOrganizations(): Organization[] {
    return this.#organizations(raw(''));
  }

  setPlan(id: string, plan: string): boolean {
    return this.#write(sql`UPDATE organizations SET plan = ${plan} WHERE id = ${id}`) === 1;
  }

  createKey(key: ApiKey): void {
    this.#write(sql`
      INSERT INTO api_keys
        (id, organization_id, prefix, hash, scopes, created_at, revoked_at, expires_at, last_used_at)
      VALUES (${key.id}, ${key.organizationId}, ${key.prefix}, ${key.hash}, ${JSON.stringify(key.scopes)},
        ${key.createdAt}, ${key.revokedAt}, ${key.expiresAt}, ${key.lastUsedAt})`);
  }

  findKeyOwner(hash: string): KeyOwner | null {
    return this.owners.find(hash, () => this.#readKeyOwner(hash));
  }

  listKeys(organizationId: string): ApiKey[] {
    return this.#keys(raw('organization_id = ? ORDER BY created_at, id'), organizationId);
  }

  deleteExpiredKeys(organizationId: string, now: number): number {
    return this.#write(
      sql`DELETE FROM api_keys WHERE organization_id = ${organizationId} AND expires_at <= ${now}`,
    );
  }

  revokeKey(id: string, now: number): boolean {
    return (
      this.#write(sql`UPDATE api_keys SET revoked_at = coalesce(revoked_at, ${now}) WHERE id = ${id}`) === 1
    );
  }

  recordKeyUse(id: string, now: number): void {
    this.#write(
      sql`UPDATE api_keys SET last_used_at = max(coalesce(last_used_at, 0), ${now}) WHERE id = ${id}`,
    );
  }

  secret(): Uint8Array {
    const row = this.#db.get(raw(`SELECT value FROM settings WHERE name = 'cursor_secret'`));
    const value: unknown = row?.value;
    if (!(value instanceof Uint8Array)) throw damaged();
    return value;
  }

  setSecret(hexadecimal: string): void {
    this.#write(sql`UPDATE settings SET value = unhex(${hexadecimal}) WHERE name = 'cursor_secret'`);
  }

  #readKeyOwner(hash: string): KeyOwner | null {
    const [key] = this.#keys(raw('hash = ? AND revoked_at IS NULL'), hash);
    if (key === undefined) return null;
    const organization = this.findOrganization(key.organizationId);
    // The organization was deleted after its key was read.
    return organization && { key, organization };
  }

  /** How many rows a statement by itself changed. */
  #write(statement: Sql): number {
    this.owners.forget();
    return this.#db.transaction(() => this.#db.run(statement));
  }

  #organizations(where: Sql): Organization[] {
    return this.#db.all<Organization>(sql`
      SELECT id, plan, created_at AS createdAt FROM organizations ${where} ORDER BY id`);
  }

  #keys(where: { text: string }, value: string): ApiKey[] {
    const rows = this.#db.all<KeyRow>({
      text: `SELECT id, organization_id AS organizationId, prefix, hash, scopes, created_at AS createdAt,
        revoked_at AS revokedAt, expires_at AS expiresAt, last_used_at AS lastUsedAt FROM api_keys WHERE ${where.text}`,
      values: [value],
    });
    return rows.map((row) => ({ ...row, scopes: intact(() => JSON.parse(row.scopes)) }));
  }
}
