import { z } from 'zod';
import { BODY_LIMIT, UNKNOWN_BODIES } from '../log/redact/body-options.ts';
import { DEFAULT_STORE_URL } from '../store/sqlite/open.ts';
import { GRAPHQL_VARIABLES } from './graphql-variables.ts';
import type { JwtSettings } from './jwt-settings.ts';
import { extraPlansSchema, type PlanTable, planTable } from './plans.ts';
import { PROXY_VARIABLES } from './proxy-variables.ts';
import { defaultRates, RATE_VARIABLES } from './rate-variables.ts';
import { fileVariableOf, readSecret } from './secret-file.ts';
import { TOKEN_VARIABLES, tokenProblems, tokenSettings } from './token-variables.ts';
import { commaList, integer, type Parsed, type Variable } from './variable.ts';

const plans = z.string().transform((text, context) => {
  try {
    return extraPlansSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON';
    context.addIssue({
      code: 'custom',
      message: `must be JSON such as {"gold": {"retentionDays": 365}}: ${reason}`,
    });
    return z.NEVER;
  }
});

function isOrigin(text: string): boolean {
  return text === '*' || URL.parse(text)?.origin === text;
}

/** Every environment variable, declared once: schema, default (as text) and description. The README's table is generated from it. */
export const VARIABLES = {
  PORT: {
    schema: integer(0, 65_535),
    default: '4000',
    description: 'Port to listen on. `0` picks a free port.',
  },
  HOST: {
    schema: z.string().min(1),
    default: '127.0.0.1',
    description: 'Address to listen on. `0.0.0.0` listens on all IPv4 addresses.',
  },
  RELAYLOG_STORE_URL: {
    schema: z.string().min(1),
    default: DEFAULT_STORE_URL,
    description:
      'Store for the logs: `sqlite:FILE`, `mongodb://…/DATABASE` or `mongodb+srv://…/DATABASE`, with any connection string option of the MongoDB driver.',
    secret: true,
  },
  RELAYLOG_PLANS: {
    schema: plans,
    default: '{}',
    description:
      'Plans to add or change, as JSON: `{"gold": {"retentionDays": 365, "quota": 100000, "quotas": {"search": 5000}, "limits": {"scripPerSecond": 50}}}`. If `retentionDays` is null, retention is unlimited.',
  },
  ...TOKEN_VARIABLES,
  ...PROXY_VARIABLES,
  RELAYLOG_CORS_ORIGINS: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(
        z.array(
          z.string().refine(isOrigin, 'must be a list of origins such as https://app.example.com, or *'),
        ),
      ),
    default: '',
    description:
      'Comma-separated origins whose pages may call the APIs from a browser (CORS). `*` allows every origin. If unset, none is allowed.',
  },
  RELAYLOG_PURGE_INTERVAL_SECONDS: {
    schema: integer(0, 31_536_000),
    default: '0',
    description:
      'Seconds between purges by the server. The first purge runs at startup. If `0`, the server deletes nothing, and logs are deleted only by `relaylog purge`.',
  },
  RELAYLOG_PURGE_GRACE_DAYS: {
    schema: integer(0, 36_500),
    default: '7',
    description: 'Days for which a purge keeps a log after the retention window of its plan has passed.',
  },
  RELAYLOG_REDACT_NAMES: {
    schema: z.string().transform(commaList),
    default: '',
    description:
      'Comma-separated names of additional headers, query parameters and JSON keys whose values are never stored.',
  },
  RELAYLOG_MAX_RECORDED_BODY_BYTES: {
    schema: integer(0, 8_388_608),
    default: String(BODY_LIMIT),
    description:
      'Maximum size of one stored body in bytes. Longer bodies are truncated and marked as truncated.',
  },
  RELAYLOG_UNKNOWN_BODIES: {
    schema: z.enum(UNKNOWN_BODIES, `must be ${UNKNOWN_BODIES.join(' or ')}`),
    default: 'omit',
    description:
      'Bodies in an unknown form: `omit` stores a note instead of the body, `keep` stores the body redacted as free text.',
  },
  RELAYLOG_INGEST_MAX_BYTES: {
    schema: integer(1024, 67_108_864),
    default: '10485760',
    description: 'Maximum size of an ingest request body in bytes, after decompression.',
  },
  RELAYLOG_INGEST_MAX_LOGS: {
    schema: integer(1, 100_000),
    default: '10000',
    description: 'Maximum number of logs in an ingest request.',
  },
  RELAYLOG_INGEST_MAX_VALUES: {
    schema: integer(100, 1_000_000),
    default: '20000',
    description:
      'Maximum number of JSON values in one log, including its bodies. A log with more is rejected.',
  },
  RELAYLOG_INGEST_MAX_REJECTED: {
    schema: integer(0, 100_000),
    default: '1000',
    description: 'Maximum number of rejected logs in an ingest request. If more are invalid, none is stored.',
  },
  ...GRAPHQL_VARIABLES,
  RELAYLOG_GRAPHQL_MAX_BYTES: {
    schema: integer(1024, 16_777_216),
    default: '262144',
    description: 'Maximum size of a GraphQL request in bytes.',
  },
  RELAYLOG_MAX_REQUESTS_IN_FLIGHT: {
    schema: integer(1, 100_000),
    default: '100',
    description:
      'Maximum number of concurrent requests for each API. Requests above the limit are rejected immediately with 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION: {
    schema: integer(1, 100_000),
    default: '80',
    description:
      'Maximum number of concurrent requests of one organization for each API, so that its slow requests cannot block other organizations.',
  },
  RELAYLOG_MAX_BUFFERED_BODY_BYTES: {
    schema: integer(1024, 1_099_511_627_775),
    default: '67108864',
    description:
      'Memory budget for all request bodies that are buffered at the same time, in bytes. Requests above it are rejected with 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_CONNECTIONS: {
    schema: integer(1, 100_000),
    default: '2000',
    description: 'Maximum number of open connections. Additional connections are closed.',
  },
  RELAYLOG_REQUEST_TIMEOUT_SECONDS: {
    schema: integer(1, 3600),
    default: '30',
    description:
      'Seconds that a client may take to send a request, and to read the response. A third of it applies to the request headers.',
  },
  RELAYLOG_DRAIN_TIMEOUT_SECONDS: {
    schema: integer(0, 3600),
    default: '10',
    description:
      'Seconds that requests in flight may take to finish after SIGTERM. The process exits at most 5 seconds later.',
  },
  ...RATE_VARIABLES,
  RELAYLOG_RATE_LIMIT_BACKEND: {
    schema: z.enum(['auto', 'memory', 'store'], 'must be auto, memory or store'),
    default: 'auto',
    description:
      'Where rate limits are counted: `memory` (each process separately) or `store` (shared by all processes that use the store). `auto` is `memory` for SQLite and `store` for MongoDB.',
  },
  RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: {
    schema: integer(1, 1_000_000),
    default: '100',
    description:
      'Rejected credentials per second for one IP address, with a burst of ten times as many. Above the limit, only credentials that were accepted within the last hour are checked.',
  },
  RELAYLOG_METRICS_TOKEN: {
    schema: z.string(),
    default: '',
    description:
      'Bearer token that is required to read `/metrics`. If unset, everyone who can reach the port can read it.',
    secret: true,
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'must be an http URL' })]),
    default: '',
    description:
      'OpenTelemetry collector for traces, such as `http://localhost:4318`. Relaylog exports a span for each request and each store call. If unset, tracing is off.',
  },
  RELAYLOG_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    description: 'Minimum level of the log lines of the server, which it writes as JSON to standard error.',
  },
} as const;

export type VariableName = keyof typeof VARIABLES;
type Settings = Parsed<typeof VARIABLES>;

export type Config = Settings & {
  readonly plans: PlanTable;
  /** Null: only API keys are accepted. */
  readonly jwt: JwtSettings | null;
};

/**
 * Parses the environment and reads the files of secrets that it names. Unset and empty variables take their default.
 *
 * @throws Error that names each invalid variable and what it accepts.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Variable>(VARIABLES)) {
    try {
      const result = setting.schema.safeParse(textOf(name, setting, environment));
      if (result.success) settings[name] = result.data;
      else problems.push(`${name} ${result.error.issues.map((issue) => issue.message).join('; ')}`);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const parsed = settings as Settings;
  problems.push(...tokenProblems(parsed));
  throwIfAny(problems);
  const plans = planTable(parsed.RELAYLOG_PLANS, defaultRates(parsed));
  throwIfAny(planProblems(plans, parsed.RELAYLOG_GRAPHQL_MAX_COST));
  return { ...parsed, plans, jwt: tokenSettings(parsed) };
}

/** @throws Error if the file of a secret cannot be read, or if the variable and its file are both set. */
function textOf(
  name: string,
  { secret, default: defaultText }: Variable,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const value = environment[name];
  const fileVariable = fileVariableOf(name);
  const file = secret && environment[fileVariable];
  if (!file) return value || defaultText;
  if (value) throw new Error(`${name} and ${fileVariable} are both set; set one of them`);
  return readSecret(fileVariable, file);
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`The configuration is invalid.\n  ${problems.join('\n  ')}`);
}

/** A query that is within the cost limit must fit into the rate-limit bucket of every plan. */
function planProblems(plans: PlanTable, maxCost: number): string[] {
  return [...plans.values()]
    .filter(({ rates }) => rates.graphqlBurst < maxCost)
    .map(
      ({ name, rates }) =>
        `The plan ${name} has graphqlBurst ${rates.graphqlBurst}, which is less than RELAYLOG_GRAPHQL_MAX_COST (${maxCost}): a query of that cost would always be rate limited.`,
    );
}
