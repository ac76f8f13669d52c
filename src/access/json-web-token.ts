import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtSettings } from '../config/jwt-settings.ts';
import { RelaylogError } from '../log/errors.ts';
import type { TokenReader } from './token-reader.ts';

const FETCH_MS = 5_000;
/** Minimum time between two fetches of the keys, in milliseconds, if tokens have unknown key ids. */
const COOLDOWN_MS = 30_000;
const MAX_SUBJECT_LENGTH = 128;

/** Creates a token reader. @param report called with the error if the issuer's keys cannot be fetched. */
export function tokenReader(settings: JwtSettings, report: (error: unknown) => void): TokenReader {
  const { issuer, audience, clockSkew, organizationClaim, scopesClaim } = settings;
  const keys = issuerKeys(settings, report);
  return async (token, now) => {
    const claims = await verify(token, keys, {
      issuer,
      audience,
      algorithms: [...settings.algorithms],
      clockTolerance: clockSkew,
      currentDate: new Date(now),
      requiredClaims: ['exp', organizationClaim],
    });
    const organizationId = claims[organizationClaim];
    if (typeof organizationId !== 'string')
      throw rejected(`its claim ${organizationClaim} is not the id of an organization`);
    const subject = String(claims.sub ?? '').slice(0, MAX_SUBJECT_LENGTH);
    return { organizationId, subject, scopes: scopesOf(claims[scopesClaim]) };
  };
}

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw rejected(error.message);
    throw error;
  }
}

/** Looks up the issuer's keys. Fetches them on first use, when the cache expires, and for tokens with an unknown key id. */
function issuerKeys({ jwksUrl, jwksCache }: JwtSettings, report: (error: unknown) => void): JWTVerifyGetKey {
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
      throw new RelaylogError('UNAVAILABLE', 'The keys that verify tokens cannot be fetched.', {
        cause: error,
      });
    }
  };
}

function scopesOf(claim: unknown): string[] {
  const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return names.filter((name) => typeof name === 'string');
}

function rejected(reason: string): RelaylogError {
  return new RelaylogError('UNAUTHENTICATED', `The token was rejected: ${reason}.`);
}
