import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES } from '../../src/access/scopes.ts';
import { VARIABLES } from '../../src/config/config.ts';
import { planTable } from '../../src/config/plans.ts';
import { DEFAULT_RATES } from '../../src/config/rate-variables.ts';
import { fileVariableOf } from '../../src/config/secret-file.ts';
import type { Variable } from '../../src/config/variable.ts';
import { ENDPOINTS } from '../../src/endpoints.ts';
import { GRAPHQL_STATUS, PARTIAL } from '../../src/graphql/errors.ts';
import { DEFAULT_TOP, FILTER_LIMITS, PAGE_LIMITS, VALIDATION_LIMITS } from '../../src/graphql/limits.ts';
import { MAX_NESTING } from '../../src/lib/json-depth.ts';
import { HOUR_MS } from '../../src/lib/time-units.ts';
import { API_RATES } from '../../src/limits/rates.ts';
import { ERRORS, type ErrorCode } from '../../src/log/errors.ts';
import { type Field, fieldOf, fieldsWhere, LOG_FIELDS, TEXT_LENGTH } from '../../src/log/fields.ts';
import { MAX_FUTURE_MS } from '../../src/log/new-log.ts';
import { BODY_FORMS } from '../../src/log/redact/body-text.ts';
import { SECRET_FORMATS } from '../../src/log/redact/secret-formats.ts';
import { SECRET_NAMES } from '../../src/log/secret-names.ts';
import { INGEST_STATUS } from '../../src/rest/ingest/endpoint.ts';
import { SCRIP_ERRORS } from '../../src/rest/scrip/vendor.ts';
import { SIGNA_ERRORS } from '../../src/rest/signa/vendor.ts';
import { DIMENSION_NAMES, DIMENSIONS } from '../../src/stats/dimensions.ts';
import { STATS_LIMITS } from '../../src/stats/limits.ts';
import { type LogIndex, MONGO_INDEXES, SQLITE_INDEXES } from '../../src/store/indexes.ts';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { ROLL_UPS } from '../../src/store/roll-ups/declared.ts';
import { SQLITE_PATHS } from '../../src/store/sqlite/access-paths.ts';
import { CACHES, METRICS, type MetricFamily } from '../../src/telemetry/metric-table.ts';
import { SYNTAX_HELP } from '../../web/src/filter/syntax-help.ts';
import { FIELD_NAMES, OTHER_FIELDS } from '../../web/src/filter/syntax-names.ts';
import { questionRows } from './question-table.ts';

/** Sections of the README that are generated from tables in the code, by name. */
export const SECTIONS: Readonly<Record<string, () => string>> = {
  configuration: () =>
    table(
      ['variable', 'default', 'description'],
      Object.entries<Variable>(VARIABLES).map(([name, { default: value, description, secret }]) => [
        secret ? `${code(name)} or ${code(fileVariableOf(name))}` : code(name),
        value === '' ? '' : code(value),
        description,
      ]),
    ),
  relay: () => clientCode('relay-environment.ts'),
  urql: () => clientCode('urql.ts'),
  apollo: () => clientCode('apollo.ts'),
  fields: () =>
    table(
      ['field', 'type', 'description'],
      LOG_FIELDS.map((name) => [code(name), typeOf(fieldOf(name)), fieldOf(name).description]),
    ),
  endpoints: () =>
    table(
      ['endpoint', 'API', 'scope', 'counted as', 'description'],
      ENDPOINTS.map((endpoint) => {
        const { methods, path, protocol, description } = endpoint;
        const name = code(methods === 'ALL' ? path : `${methods.join(', ')} ${path}`);
        if (protocol === null) return [name, endpoint.api, '', '', description];
        const scope = endpoint.scope === null ? '' : code(endpoint.scope);
        return [name, protocol.api, scope, API_RATES[protocol.api].counts, description];
      }),
    ),
  metrics: () =>
    table(
      ['metric', 'type', 'labels', 'description'],
      Object.entries<MetricFamily>(METRICS).map(([name, { type, labels, help }]) => [
        code(name),
        type,
        labels.map(code).join(', '),
        help,
      ]),
    ),
  caches: () =>
    table(
      ['cache', 'contents'],
      Object.entries(CACHES).map(([name, contents]) => [code(name), contents]),
    ),
  plans: () =>
    table(
      ['plan', 'visible logs'],
      [...planTable().values()].map(({ name, retentionDays }) => [
        name,
        retentionDays === null ? 'all' : `the last ${retentionDays} days`,
      ]),
    ),
  rates: () =>
    table(
      ['API', 'counts', 'burst', 'refill', "names in a plan's `limits`"],
      Object.entries(API_RATES).map(([api, { counts, rule }]) => {
        const { kind, capacity, fillMs } = rule(DEFAULT_RATES);
        const refill =
          kind === 'bucket'
            ? `continuously, in full after ${fillMs / 1000} s`
            : 'at the start of each minute';
        return [api, counts, String(capacity), refill, rateNamesOf(api)];
      }),
    ),
  scopes: () =>
    table(
      ['scope', 'grants'],
      Object.entries(SCOPES).map(([name, grants]) => [code(name), grants]),
    ),
  sqlite_indexes: () => indexTable(SQLITE_INDEXES),
  mongodb_indexes: () => indexTable(MONGO_INDEXES),
  sqlite_questions: () => table(QUESTION_HEADER, questionRows(SQLITE_PATHS)),
  mongodb_questions: () => table(QUESTION_HEADER, questionRows(MONGO_PATHS)),
  limits: () =>
    table(
      ['limit', 'value'],
      [
        [
          'rows of a page, ids in one `nodes` query',
          `1 to ${PAGE_LIMITS.max}, default ${PAGE_LIMITS.default}`,
        ],
        ['conditions in a filter', String(FILTER_LIMITS.conditions)],
        ['nesting levels of a filter', String(FILTER_LIMITS.depth)],
        ['values in one list of a filter', String(FILTER_LIMITS.listLength)],
        [
          'characters in one string of a filter',
          `${FILTER_LIMITS.textLength}; ${FILTER_LIMITS.equalTextLength} for \`eq\` and \`ne\``,
        ],
        ['operations in one query document', String(VALIDATION_LIMITS.operations)],
        ['characters in one name or alias of a query', String(VALIDATION_LIMITS.nameLength)],
        ['characters in all strings of a query', String(VALIDATION_LIMITS.stringLength)],
        ['validation errors in one response', String(VALIDATION_LIMITS.errors)],
        ['characters in the path of an ingested log', String(TEXT_LENGTH.path)],
        ['nesting levels in the body of an ingested log', String(MAX_NESTING)],
        ['how far `createdAt` of an ingested log may be in the future', `${MAX_FUTURE_MS / HOUR_MS} hours`],
      ],
    ),
  statistics_limits: () =>
    table(
      ['limit', 'value'],
      [
        ['dimensions of groups', `1 to ${STATS_LIMITS.dimensions}`],
        ['groups in one list (`top`)', `1 to ${STATS_LIMITS.groups}, default ${DEFAULT_TOP}`],
        ['groups in all, of which `top` are listed', grouped(STATS_LIMITS.collected)],
        ['buckets of all logs or of one group', grouped(STATS_LIMITS.buckets)],
        ['buckets of all groups together', grouped(STATS_LIMITS.groupBuckets)],
        ['logs that are read where no roll-up holds the answer', grouped(STATS_LIMITS.logs)],
      ],
    ),
  roll_ups: () =>
    table(
      ['dimension', 'filters on', 'alone', 'together with'],
      [...Map.groupBy(DIMENSION_NAMES, (name) => DIMENSIONS[name].field)].map(([field, names]) => {
        const rollUps = ROLL_UPS.filter(({ by }) => by.some((name) => DIMENSIONS[name].field === field));
        const others = rollUps.map(({ by }) => by.filter((name) => DIMENSIONS[name].field !== field));
        return [
          names.map(code).join(', '),
          code(field),
          others.some((by) => by.length === 0) ? 'yes' : 'no',
          others
            .filter((by) => by.length > 0)
            .map((by) => by.map(code).join(' and '))
            .join(', '),
        ];
      }),
    ),
  errors: () =>
    table(
      ['code', 'when', 'GraphQL', 'ingest', 'Scrip', 'Signa'],
      Object.entries(ERRORS).map(([name, when]) => {
        const error = name as ErrorCode;
        const { [error]: scrip } = SCRIP_ERRORS;
        const { [error]: signa } = SIGNA_ERRORS;
        return [
          name,
          when,
          graphqlStatus(error),
          String(INGEST_STATUS[error]),
          `${scrip.status} ${code(scrip.code)}`,
          `${signa.status} ${code(signa.type)}`,
        ];
      }),
    ),
  filter_syntax: () =>
    table(
      ['example', 'meaning'],
      SYNTAX_HELP.map(({ example, meaning }) => [code(example), escapeMarkdown(meaning)]),
    ),
  filter_fields: () =>
    table(
      ['field', 'other names', 'meaning'],
      [
        ...(Object.keys(FIELD_NAMES) as (keyof typeof FIELD_NAMES)[]).map((field) => {
          const [name, ...aliases] = FIELD_NAMES[field];
          return { field, name, aliases, description: fieldOf(field).description };
        }),
        ...OTHER_FIELDS,
      ].map(({ field, name, aliases, description }) => [
        code(name),
        [...aliases, field]
          .filter((other) => other !== name)
          .map(code)
          .join(', '),
        description,
      ]),
    ),
  example_node_http: () => example('node-http.ts'),
  example_hono: () => example('hono.ts'),
  redaction: () => {
    const words = (names: readonly string[]) => names.map(code).join(', ');
    const { anywhere, atTheEnd, whole } = SECRET_NAMES;
    const kindOf: Readonly<Record<NonNullable<Field['redact']>, string>> = {
      url: 'as a URL: user info, query, fragment and path parameters',
      text: 'as text',
      host: 'as text; a port is not a value',
      identity: 'as text; a long number is not a card number',
    };
    const formats = [...new Set(SECRET_FORMATS.map(({ of }) => of))];
    return [
      `Secret names: names that contain ${words(anywhere)}; names that end in ${words(atTheEnd)}; and the names ${words(whole)}.`,
      table(
        ['part of a log', 'how it is redacted'],
        [
          ...Object.entries(kindOf).map(([kind, how]) => [
            words(fieldsWhere(({ redact }) => redact === kind)),
            how,
          ]),
          [code('requestId'), 'never; a log whose request id contains a secret is rejected'],
          ['headers', 'values of secret names; all other names and values as text'],
          ...Object.entries(BODY_FORMS).map(([form, types]) => [
            `bodies of type ${words(types)}`,
            `as ${form}`,
          ]),
          [
            `bodies of type ${code('text/plain')} or without a type`,
            'in one of these forms, recognized by how they begin',
          ],
          ['all other bodies', `omitted, or stored as text (${code('RELAYLOG_UNKNOWN_BODIES')})`],
        ],
      ),
      `In all of these, credentials of known formats are redacted under any name: ${formats.join(', ')}, JSON Web Tokens, private keys (PEM) and card numbers.`,
    ].join('\n\n');
  },
};

function typeOf({
  kind,
  nullable,
  default: value,
  setByGateway,
  maxLength = TEXT_LENGTH.short,
}: Field): string {
  const type =
    kind === 'text' ? `text, at most ${maxLength} characters` : kind === 'time' ? 'time' : 'integer';
  if (setByGateway) return `${type}; set by the gateway`;
  return nullable ? `${type}; optional` : value === undefined ? type : `${type}; default ${value}`;
}

const QUESTION_HEADER = ['filter', 'newest first', 'slowest first', 'highest status first'];

function indexTable(indexes: Readonly<Record<string, LogIndex>>): string {
  return table(
    ['index', 'keys', 'used for'],
    Object.values(indexes).map((index) => [index.name, keysOf(index), index.answers]),
  );
}

function keysOf({ keys, includes, unique, minStatusCode, notNull }: LogIndex): string {
  const notes = [
    includes === undefined ? '' : `with ${code(includes.join(', '))}`,
    unique ? 'unique' : '',
    minStatusCode === undefined ? '' : `only statusCode >= ${minStatusCode}`,
    notNull === undefined ? '' : `only with ${notNull}`,
  ];
  return [code(keys.join(', ')), ...notes.filter((note) => note !== '')].join(', ');
}

/** The set-up of a client, as the tests of clients use it. */
function clientCode(file: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../test/clients/graphql', file), 'utf8');
  return `\`\`\`ts\n${text}\`\`\``;
}

function graphqlStatus(code: ErrorCode): string {
  const status = String(GRAPHQL_STATUS[code] ?? '200 or 400');
  return PARTIAL.includes(code) ? `${status}; 200 for a nested field` : status;
}

function rateNamesOf(api: string): string {
  const names = Object.keys(DEFAULT_RATES).filter((name) => name.startsWith(api));
  return names.map(code).join(', ');
}

/** A number with commas between its thousands. */
function grouped(count: number): string {
  return count.toLocaleString('en');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\<>*_]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The text of a file in `examples`, which the tests of the package run as it is. */
function example(name: string): string {
  const text = readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
  return `\`\`\`ts\n${text}\`\`\``;
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
