import { z } from 'zod';
import { JWT_ALGORITHMS, type JwtSettings } from './access/json-web-token.ts';
import { extraPlansSchema, type PlanTable, planTable } from './access/plans.ts';
import type { GraphQLSettings } from './graphql/handler.ts';
import type { IngestSettings } from './ingest/ingest-thread.ts';
import { BODY_LIMIT } from './log/recorded-body.ts';
import { DEFAULT_STORE_URL } from './store/open-store.ts';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`));

const plans = z.string().transform((text, context) => {
  try {
    return extraPlansSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON';
    context.addIssue({
      code: 'custom',
      message: `must be such as {"gold": {"retentionDays": 365}}: ${reason}`,
    });
    return z.NEVER;
  }
});

const commaList = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Whether what is fetched from there is what was sent. */
function isSafeUrl(text: string): boolean {
  if (text === '') return true;
  const { protocol, hostname } = URL.parse(text) ?? { protocol: '', hostname: '' };
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}

function isOrigin(text: string): boolean {
  return text === '*' || URL.parse(text)?.origin === text;
}

/** Every setting, once: name, form, default (as text) and what it is for. The README's table is written from it. */
export const SETTINGS = {
  PORT: { schema: integer(0, 65_535), default: '4000', about: 'Port to listen on; 0 picks a free one.' },
  HOST: {
    schema: z.string().min(1),
    default: '127.0.0.1',
    about: 'Address to listen on; `0.0.0.0` for all.',
  },
  RELAYLOG_STORE_URL: {
    schema: z.string().min(1),
    default: DEFAULT_STORE_URL,
    about:
      'Where the logs are kept: `sqlite:FILE`, `mongodb://…/DATABASE` or `mongodb+srv://…/DATABASE`, with any option of the driver.',
  },
  RELAYLOG_DEMO: {
    schema: z.enum(['auto', 'on', 'off'], 'must be auto, on or off'),
    default: 'auto',
    about:
      '`on` fills a store without organizations with demo logs at the start, `off` never does; `auto` is on for SQLite.',
  },
  RELAYLOG_PLANS: {
    schema: plans,
    default: '{}',
    about: 'Plans to add or change, as JSON: `{"gold": {"retentionDays": 365}}`; null days: no window.',
  },
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
  RELAYLOG_JWT_CLOCK_SKEW: {
    schema: integer(0, 600),
    default: '30',
    about: "JSON Web Tokens: seconds by which the issuer's clock may differ.",
  },
  RELAYLOG_JWT_JWKS_CACHE: {
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
  RELAYLOG_CORS_ORIGINS: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(z.array(z.string().refine(isOrigin, 'must be origins, such as https://app.example.com, or *'))),
    default: '',
    about: 'Origins whose pages may ask from a browser, by commas; `*` is every one; unset: none may.',
  },
  RELAYLOG_PURGE_INTERVAL: {
    schema: integer(0, 31_536_000),
    default: '0',
    about:
      'Seconds between two purges by the server, the first at its start; 0: none, so that nothing is deleted unless `relaylog purge` is run.',
  },
  RELAYLOG_PURGE_GRACE: {
    schema: integer(0, 36_500),
    default: '7',
    about: 'Days for which a purge keeps a log after it went out of sight.',
  },
  RELAYLOG_REDACT: {
    schema: z.string().transform(commaList),
    default: '',
    about:
      'Further names of headers, query parameters and JSON keys whose values are never stored; by commas.',
  },
  RELAYLOG_BODY_LIMIT: {
    schema: integer(0, 8_388_608),
    default: String(BODY_LIMIT),
    about: 'Bytes of one stored body; a longer one is cut and says so.',
  },
  RELAYLOG_INGEST_MAX_BYTES: {
    schema: integer(1024, 67_108_864),
    default: '10485760',
    about: 'Bytes of one ingest request, unpacked.',
  },
  RELAYLOG_INGEST_MAX_LOGS: {
    schema: integer(1, 100_000),
    default: '10000',
    about: 'Logs in one ingest request.',
  },
  RELAYLOG_GRAPHQL_MAX_BYTES: {
    schema: integer(1024, 16_777_216),
    default: '262144',
    about: 'Bytes of one GraphQL request.',
  },
  RELAYLOG_MAX_UNDER_WAY: {
    schema: integer(1, 100_000),
    default: '100',
    about:
      'Requests that each face serves at a time; one more is refused at once, with 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_BODY_BYTES: {
    schema: integer(1024, 1_099_511_627_775),
    default: '67108864',
    about: 'Bytes of all request bodies that are held at a time; past it, 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_CONNECTIONS: {
    schema: integer(1, 100_000),
    default: '2000',
    about: 'Connections at a time; one more is closed.',
  },
  RELAYLOG_REQUEST_SECONDS: {
    schema: integer(1, 3600),
    default: '30',
    about:
      'How long a client may take to send a request (a third of that for its headers), and to read the answer.',
  },
  RELAYLOG_DRAIN_SECONDS: {
    schema: integer(0, 3600),
    default: '10',
    about: 'How long requests under way may take after SIGTERM; 5 seconds later, the process has ended.',
  },
  RELAYLOG_GRAPHQL_MAX_COST: {
    schema: integer(1, 1_000_000_000),
    default: '10000',
    about: 'GraphQL: what a query may cost: about 1 for each field of each row that its pages may have.',
  },
  RELAYLOG_GRAPHQL_MAX_DEPTH: {
    schema: integer(1, 100),
    default: '10',
    about: 'GraphQL: levels of fields in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_ALIASES: {
    schema: integer(0, 10_000),
    default: '30',
    about: 'GraphQL: aliases in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_DIRECTIVES: {
    schema: integer(0, 10_000),
    default: '30',
    about: 'GraphQL: directives in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_TOKENS: {
    schema: integer(1, 1_000_000),
    default: '2000',
    about: 'GraphQL: words and signs in the text of a query; variables are not counted.',
  },
  RELAYLOG_GRAPHQL_INTROSPECTION: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    about: 'GraphQL: whether the schema may be asked for, as GraphiQL does.',
  },
  RELAYLOG_GRAPHQL_OPERATIONS: {
    schema: z.string(),
    default: '',
    about: 'GraphQL: file of the only operations that are answered, `{"id": "query …"}`; unset: any is.',
  },
  RELAYLOG_SCRIP_RATE: {
    schema: integer(1, 1_000_000),
    default: '10',
    about: 'Scrip shim: requests a second and organization, sustained.',
  },
  RELAYLOG_SCRIP_BURST: {
    schema: integer(1, 1_000_000),
    default: '30',
    about: 'Scrip shim: requests at once, an organization.',
  },
  RELAYLOG_SIGNA_PER_MINUTE: {
    schema: integer(1, 100_000_000),
    default: '1000',
    about: 'Signa shim: requests a minute, an organization.',
  },
  RELAYLOG_METRICS_TOKEN: {
    schema: z.string(),
    default: '',
    about:
      'What a scraper of `/metrics` sends as `Authorization: Bearer`; unset, whoever reaches the port may read it.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'must be an http URL' })]),
    default: '',
    about:
      'Collector of OpenTelemetry traces, such as `http://localhost:4318`: a span of each request and each store call; unset, none.',
  },
  RELAYLOG_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    about: 'What the server writes about itself, as JSON lines on standard error.',
  },
} as const;

type Settings = { readonly [S in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[S]['schema']> };

export type Config = Settings & {
  readonly plans: PlanTable;
  /** Null: API keys only. */
  readonly jwt: JwtSettings | null;
};

/** The environment, parsed once. @throws Error that names each wrong variable and what it accepts. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const result = setting.schema.safeParse(environment[name] || setting.default);
    if (result.success) settings[name] = result.data;
    else problems.push(`${name} ${result.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  const parsed = settings as Settings;
  if (parsed.RELAYLOG_JWT_JWKS_URL) {
    for (const name of ['RELAYLOG_JWT_ISSUER', 'RELAYLOG_JWT_AUDIENCE'] as const) {
      if (!parsed[name]) problems.push(`${name} must be set where RELAYLOG_JWT_JWKS_URL is`);
    }
  }
  if (problems.length > 0) throw new Error(`The configuration is wrong.\n  ${problems.join('\n  ')}`);
  return { ...parsed, plans: planTable(parsed.RELAYLOG_PLANS), jwt: jwtSettings(parsed) };
}

function jwtSettings(settings: Settings): JwtSettings | null {
  if (settings.RELAYLOG_JWT_JWKS_URL === '') return null;
  return {
    jwksUrl: settings.RELAYLOG_JWT_JWKS_URL,
    issuer: settings.RELAYLOG_JWT_ISSUER,
    audience: settings.RELAYLOG_JWT_AUDIENCE,
    algorithms: settings.RELAYLOG_JWT_ALGORITHMS,
    clockSkew: settings.RELAYLOG_JWT_CLOCK_SKEW,
    jwksCache: settings.RELAYLOG_JWT_JWKS_CACHE,
    organizationClaim: settings.RELAYLOG_JWT_ORGANIZATION_CLAIM,
    scopesClaim: settings.RELAYLOG_JWT_SCOPES_CLAIM,
  };
}

/** What the GraphQL endpoint needs of the configuration. */
export function graphqlSettings(config: Config): GraphQLSettings {
  return {
    introspection: config.RELAYLOG_GRAPHQL_INTROSPECTION === 'on',
    operationsFile: config.RELAYLOG_GRAPHQL_OPERATIONS || null,
    limits: {
      maxCost: config.RELAYLOG_GRAPHQL_MAX_COST,
      maxDepth: config.RELAYLOG_GRAPHQL_MAX_DEPTH,
      maxAliases: config.RELAYLOG_GRAPHQL_MAX_ALIASES,
      maxDirectives: config.RELAYLOG_GRAPHQL_MAX_DIRECTIVES,
      maxTokens: config.RELAYLOG_GRAPHQL_MAX_TOKENS,
      maxIngestBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxIngestLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      maxBodyBytes: config.RELAYLOG_BODY_LIMIT,
      scripPerSecond: config.RELAYLOG_SCRIP_RATE,
      scripBurst: config.RELAYLOG_SCRIP_BURST,
      signaPerMinute: config.RELAYLOG_SIGNA_PER_MINUTE,
    },
  };
}

/** What the ingest thread needs of the configuration. */
export function ingestSettings(config: Config): IngestSettings {
  return {
    storeUrl: config.RELAYLOG_STORE_URL,
    redact: config.RELAYLOG_REDACT,
    limits: {
      maxBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      bodyLimit: config.RELAYLOG_BODY_LIMIT,
    },
  };
}
