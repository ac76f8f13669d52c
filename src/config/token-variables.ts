import { z } from 'zod';
import { JWT_ALGORITHMS, type JwtSettings } from './jwt-settings.ts';
import { commaList, integer, type Parsed, type Variables } from './variable.ts';

/** The settings for JSON Web Tokens. */
export const TOKEN_VARIABLES = {
  RELAYLOG_JWT_JWKS_URL: {
    schema: z.string().refine(isSafeUrl, 'must be an https URL; http is allowed for localhost only'),
    default: '',
    description:
      "JSON Web Tokens: URL of the issuer's public keys (JWKS). If unset, only API keys are accepted.",
  },
  RELAYLOG_JWT_ISSUER: {
    schema: z.string(),
    default: '',
    description: 'JSON Web Tokens: required issuer (`iss`).',
  },
  RELAYLOG_JWT_AUDIENCE: {
    schema: z.string(),
    default: '',
    description: 'JSON Web Tokens: required audience (`aud`).',
  },
  RELAYLOG_JWT_ALGORITHMS: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(z.array(z.enum(JWT_ALGORITHMS, `must be one or more of ${JWT_ALGORITHMS.join(', ')}`)).min(1)),
    default: 'RS256,ES256',
    description: 'JSON Web Tokens: comma-separated signature algorithms that are accepted.',
  },
  RELAYLOG_JWT_CLOCK_SKEW_SECONDS: {
    schema: integer(0, 600),
    default: '30',
    description: "JSON Web Tokens: accepted difference to the issuer's clock, in seconds.",
  },
  RELAYLOG_JWT_JWKS_CACHE_SECONDS: {
    schema: integer(1, 86_400),
    default: '600',
    description:
      "JSON Web Tokens: how long the issuer's keys are cached, in seconds. An unknown key id fetches them again.",
  },
  RELAYLOG_JWT_ORGANIZATION_CLAIM: {
    schema: z.string().min(1),
    default: 'org',
    description: 'JSON Web Tokens: claim that contains the organization id.',
  },
  RELAYLOG_JWT_SCOPES_CLAIM: {
    schema: z.string().min(1),
    default: 'scope',
    description: 'JSON Web Tokens: claim that contains the scopes, as a space-separated string or an array.',
  },
} as const satisfies Variables;

type TokenVariables = Parsed<typeof TOKEN_VARIABLES>;

/** One message for each variable that is missing, if tokens are enabled. */
export function tokenProblems(settings: TokenVariables): string[] {
  if (!settings.RELAYLOG_JWT_JWKS_URL) return [];
  return (['RELAYLOG_JWT_ISSUER', 'RELAYLOG_JWT_AUDIENCE'] as const)
    .filter((name) => !settings[name])
    .map((name) => `${name} must be set if RELAYLOG_JWT_JWKS_URL is set`);
}

/** The settings of tokens; null if tokens are not enabled. */
export function tokenSettings(settings: TokenVariables): JwtSettings | null {
  if (!settings.RELAYLOG_JWT_JWKS_URL) return null;
  return {
    jwksUrl: settings.RELAYLOG_JWT_JWKS_URL,
    issuer: settings.RELAYLOG_JWT_ISSUER,
    audience: settings.RELAYLOG_JWT_AUDIENCE,
    algorithms: settings.RELAYLOG_JWT_ALGORITHMS,
    clockSkew: settings.RELAYLOG_JWT_CLOCK_SKEW_SECONDS,
    jwksCache: settings.RELAYLOG_JWT_JWKS_CACHE_SECONDS,
    organizationClaim: settings.RELAYLOG_JWT_ORGANIZATION_CLAIM,
    scopesClaim: settings.RELAYLOG_JWT_SCOPES_CLAIM,
  };
}

/** Returns whether responses from this URL cannot be modified in transit. */
function isSafeUrl(text: string): boolean {
  if (text === '') return true;
  const { protocol, hostname } = URL.parse(text) ?? { protocol: '', hostname: '' };
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}
