/** Signatures that can be allowed: with a public key, so that who checks a token cannot make one. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** Whose tokens are taken, and how they are read. */
export interface JwtSettings {
  /** Where the issuer shows its public keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly (typeof JWT_ALGORITHMS)[number][];
  /** Seconds by which the issuer's clock may differ. */
  readonly clockSkew: number;
  /** Seconds for which fetched keys are good. */
  readonly jwksCache: number;
  /** Claim that names the organization. */
  readonly organizationClaim: string;
  /** Claim with the scopes: a text with blanks between them, or a list. */
  readonly scopesClaim: string;
}
