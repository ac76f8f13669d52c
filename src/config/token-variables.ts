import { z } from 'zod';
import { JWT_ALGORITHMS, type JwtSettings } from './jwt-settings.ts';
import { commaList, integer, type Parsed, type Variables } from './variable.ts';

/** The settings of JSON Web Tokens. */
export const TOKEN_VARIABLES = {
  RELAYLOG_JWT_JWKS_URL: {
    schema: z.string().refine(isSafeUrl, 'must be an https URL; http only for this machine'),
    default: '',
    about:
      'JSON Web Tokens: where their issuer shows its public keys; unset: no tokens are taken, API keys only.',
  },
  RELAYLOG_JWT_ISSUER: { schema: z.string(), default: '', about: 'JSON Web Tokens: their issuer (`iss`).' },
  RELAYLOG_JWT_AUDIENCE: {
    schema: z.string(),
    default: '',
    about: 'JSON Web Tokens: whom they are for (`aud`).',
  },
  RELAYLOG_JWT_ALGORITHMS: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(z.array(z.enum(JWT_ALGORITHMS, `must be of ${JWT_ALGORITHMS.join(', ')}`)).min(1)),
    default: 'RS256,ES256',
    about: 'JSON Web Tokens: signatures that are taken, by commas; no other is.',
  },
  RELAYLOG_JWT_CLOCK_SKEW_SECONDS: {
    schema: integer(0, 600),
    default: '30',
    about: "JSON Web Tokens: seconds by which the issuer's clock may differ.",
  },
  RELAYLOG_JWT_JWKS_CACHE_SECONDS: {
    schema: integer(1, 86_400),
    default: '600',
    about: "JSON Web Tokens: seconds for which the issuer's keys are good; a new key is found at once.",
  },
  RELAYLOG_JWT_ORGANIZATION_CLAIM: {
    schema: z.string().min(1),
    default: 'org',
    about: 'JSON Web Tokens: the claim that names the organization.',
  },
  RELAYLOG_JWT_SCOPES_CLAIM: {
    schema: z.string().min(1),
    default: 'scope',
    about: 'JSON Web Tokens: the claim with the scopes, a text with blanks between them or a list.',
  },
} as const satisfies Variables;

type TokenVariables = Parsed<typeof TOKEN_VARIABLES>;

/** What is missing where tokens are to be taken. */
export function tokenProblems(settings: TokenVariables): string[] {
  if (!settings.RELAYLOG_JWT_JWKS_URL) return [];
  return (['RELAYLOG_JWT_ISSUER', 'RELAYLOG_JWT_AUDIENCE'] as const)
    .filter((name) => !settings[name])
    .map((name) => `${name} must be set where RELAYLOG_JWT_JWKS_URL is`);
}

/** Null if no tokens are to be taken. */
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

/** Whether what is fetched from there is what was sent. */
function isSafeUrl(text: string): boolean {
  if (text === '') return true;
  const { protocol, hostname } = URL.parse(text) ?? { protocol: '', hostname: '' };
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}
