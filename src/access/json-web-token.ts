import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtSettings } from '../config/jwt-settings.ts';
import { RelaylogError } from '../log/errors.ts';

/** What a token says of its holder. */
interface TokenHolder {
  readonly organizationId: string;
  /** Whom it is for (`sub`), cut to 128 characters; empty if it does not say. */
  readonly subject: string;
  readonly scopes: readonly string[];
}

/** @param now Unix milliseconds. @throws RelaylogError UNAUTHENTICATED, or UNAVAILABLE without the issuer's keys. */
export type TokenReader = (token: string, now: number) => Promise<TokenHolder>;

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const FETCH_MS = 5_000;
/** An unknown key id makes us look for new keys, but not more often than this. */
const COOLDOWN_MS = 30_000;
const SUBJECT_LENGTH = 128;

/** Whether the text has the form of a signed token. */
export function isTokenForm(text: string): boolean {
  return FORM.test(text);
}

/** @param report is called where the issuer's keys cannot be had. */
export function tokenReader(settings: JwtSettings, report: (error: unknown) => void): TokenReader {
  const { issuer, audience, clockSkew, organizationClaim, scopesClaim } = settings;
  const keys = issuersKeys(settings, report);
  return async (token, now) => {
    const claims = await verified(token, keys, {
      issuer,
      audience,
      algorithms: [...settings.algorithms],
      clockTolerance: clockSkew,
      currentDate: new Date(now),
      requiredClaims: ['exp', organizationClaim],
    });
    const organizationId = claims[organizationClaim];
    if (typeof organizationId !== 'string')
      throw refused(`its claim ${organizationClaim} names no organization`);
    const subject = String(claims.sub ?? '').slice(0, SUBJECT_LENGTH);
    return { organizationId, subject, scopes: scopesOf(claims[scopesClaim]) };
  };
}

async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(error.message);
    throw error;
  }
}

/** The issuer's public keys, fetched when first needed, when their time is over, and when a token names an unknown one. */
function issuersKeys({ jwksUrl, jwksCache }: JwtSettings, report: (error: unknown) => void): JWTVerifyGetKey {
  const fetched = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: jwksCache * 1000,
  });
  return async (header, token) => {
    try {
      return await fetched(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error;
      report(error);
      throw new RelaylogError('UNAVAILABLE', 'The keys that sign tokens cannot be fetched.', {
        cause: error,
      });
    }
  };
}

function scopesOf(claim: unknown): string[] {
  const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return names.filter((name) => typeof name === 'string');
}

function refused(reason: string): RelaylogError {
  return new RelaylogError('UNAUTHENTICATED', `The token is not accepted: ${reason}.`);
}
