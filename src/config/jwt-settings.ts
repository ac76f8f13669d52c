/** The signature algorithms that can be allowed. All use a public key, so a verifier cannot issue tokens. */
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

/** Which JSON Web Tokens are accepted, and how their claims are read. */
export interface JwtSettings {
  /** URL of the issuer's public keys (JWKS). */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly (typeof JWT_ALGORITHMS)[number][];
  /** Accepted difference between the clocks of issuer and gateway, in seconds. */
  readonly clockSkew: number;
  /** How long fetched keys are cached, in seconds. */
  readonly jwksCache: number;
  /** Claim that contains the organization id. */
  readonly organizationClaim: string;
  /** Claim that contains the scopes: a space-separated string or an array. */
  readonly scopesClaim: string;
}
