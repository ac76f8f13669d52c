import { z } from 'zod';
import { BODY_LIMIT } from '../log/truncate-body.ts';
import { DEFAULT_STORE_URL } from '../store/sqlite/open.ts';
import { GRAPHQL_VARIABLES } from './graphql-variables.ts';
import type { JwtSettings } from './jwt-settings.ts';
import { extraPlansSchema, type PlanTable, planTable } from './plans.ts';
import { defaultRates, RATE_VARIABLES } from './rate-variables.ts';
import { TOKEN_VARIABLES, tokenProblems, tokenSettings } from './token-variables.ts';
import { commaList, integer, type Parsed } from './variable.ts';

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

function isOrigin(text: string): boolean {
  return text === '*' || URL.parse(text)?.origin === text;
}

/** Every variable, once: name, form, default (as text) and what it is for. The README's table is written from it. */
export const VARIABLES = {
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
    about:
      'Plans to add or change, as JSON: `{"gold": {"retentionDays": 365, "limits": {"scripPerSecond": 50}}}`; null days: no window.',
  },
  ...TOKEN_VARIABLES,
  RELAYLOG_CORS_ORIGINS: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(z.array(z.string().refine(isOrigin, 'must be origins, such as https://app.example.com, or *'))),
    default: '',
    about: 'Origins whose pages may ask from a browser, by commas; `*` is every one; unset: none may.',
  },
  RELAYLOG_PURGE_INTERVAL_SECONDS: {
    schema: integer(0, 31_536_000),
    default: '0',
    about:
      'Seconds between two purges by the server, the first at its start; 0: none, so that nothing is deleted unless `relaylog purge` is run.',
  },
  RELAYLOG_PURGE_GRACE_DAYS: {
    schema: integer(0, 36_500),
    default: '7',
    about: 'Days for which a purge keeps a log after it went out of sight.',
  },
  RELAYLOG_REDACT_NAMES: {
    schema: z.string().transform(commaList),
    default: '',
    about:
      'Further names of headers, query parameters and JSON keys whose values are never stored; by commas.',
  },
  RELAYLOG_MAX_RECORDED_BODY_BYTES: {
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
  ...GRAPHQL_VARIABLES,
  RELAYLOG_GRAPHQL_MAX_BYTES: {
    schema: integer(1024, 16_777_216),
    default: '262144',
    about: 'Bytes of one GraphQL request.',
  },
  RELAYLOG_MAX_REQUESTS_IN_FLIGHT: {
    schema: integer(1, 100_000),
    default: '100',
    about:
      'Requests that each API serves at a time; one more is refused at once, with 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION: {
    schema: integer(1, 100_000),
    default: '80',
    about: 'Of these, requests of one organization, so that its slow ones leave some to the others.',
  },
  RELAYLOG_MAX_BUFFERED_BODY_BYTES: {
    schema: integer(1024, 1_099_511_627_775),
    default: '67108864',
    about: 'Bytes of all request bodies that are held at a time; past it, 503 and `Retry-After`.',
  },
  RELAYLOG_MAX_CONNECTIONS: {
    schema: integer(1, 100_000),
    default: '2000',
    about: 'Connections at a time; one more is closed.',
  },
  RELAYLOG_REQUEST_TIMEOUT_SECONDS: {
    schema: integer(1, 3600),
    default: '30',
    about:
      'How long a client may take to send a request (a third of that for its headers), and to read the answer.',
  },
  RELAYLOG_DRAIN_TIMEOUT_SECONDS: {
    schema: integer(0, 3600),
    default: '10',
    about: 'How long requests in flight may take after SIGTERM; 5 seconds later, the process has ended.',
  },
  ...RATE_VARIABLES,
  RELAYLOG_RATE_LIMIT_BACKEND: {
    schema: z.enum(['auto', 'memory', 'store'], 'must be auto, memory or store'),
    default: 'auto',
    about:
      'Where rate limits are counted: `memory` by each process for itself, `store` by all that share the store; `auto` is `memory` for SQLite and `store` for MongoDB.',
  },
  RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: {
    schema: integer(1, 1_000_000),
    default: '100',
    about:
      'Credentials a second that are refused to one address, ten times as many at once; past it, only those that were accepted within the hour are looked up.',
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

type Settings = Parsed<typeof VARIABLES>;

export type Config = Settings & {
  readonly plans: PlanTable;
  /** Null: API keys only. */
  readonly jwt: JwtSettings | null;
};

/** The environment, parsed once. @throws Error that names each wrong variable and what it accepts. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(VARIABLES)) {
    const result = setting.schema.safeParse(environment[name] || setting.default);
    if (result.success) settings[name] = result.data;
    else problems.push(`${name} ${result.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  const parsed = settings as Settings;
  problems.push(...tokenProblems(parsed));
  refuse(problems);
  const plans = planTable(parsed.RELAYLOG_PLANS, defaultRates(parsed));
  refuse(planProblems(plans, parsed.RELAYLOG_GRAPHQL_MAX_COST));
  return { ...parsed, plans, jwt: tokenSettings(parsed) };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`The configuration is wrong.\n  ${problems.join('\n  ')}`);
}

/** A query within its budget must never be one that the plan's bucket cannot hold. */
function planProblems(plans: PlanTable, maxCost: number): string[] {
  return [...plans.values()]
    .filter(({ rates }) => rates.graphqlBurst < maxCost)
    .map(
      ({ name, rates }) =>
        `The plan ${name} has graphqlBurst ${rates.graphqlBurst}, less than RELAYLOG_GRAPHQL_MAX_COST, which is ${maxCost}: a query of that cost could never be answered.`,
    );
}
