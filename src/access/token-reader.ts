/** The claims of a verified token that Relaylog uses. */
interface TokenClaims {
  readonly organizationId: string;
  /** The claim `sub`, truncated to 128 characters; empty if the token has none. */
  readonly subject: string;
  readonly scopes: readonly string[];
}

/**
 * Verifies a token and returns its claims.
 *
 * @param now Unix milliseconds.
 * @throws RelaylogError UNAUTHENTICATED if the token is not valid; UNAVAILABLE if the issuer's keys cannot be fetched.
 */
export type TokenReader = (token: string, now: number) => Promise<TokenClaims>;

const TOKEN_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Returns whether the text has the format of a signed token. */
export function hasTokenFormat(text: string): boolean {
  return TOKEN_PATTERN.test(text);
}
