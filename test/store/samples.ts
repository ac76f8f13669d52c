import * as fc from 'fast-check';
import {
  boundsOf,
  type FieldKind,
  fieldOf,
  fieldsWhere,
  LOG_FIELDS,
  type LogField,
} from '../../src/log/fields.ts';
import type { Filter } from '../../src/log/filter.ts';
import { logId } from '../../src/log/log-id.ts';
import { completeLog, type RecordedRequest, type RequestLog } from '../../src/log/request-log.ts';

/** 2026-01-01T00:00:00Z. */
export const SAMPLE_TIME = Date.UTC(2026, 0, 1);

const PLAIN = { method: 'GET', path: '/v1/things', statusCode: 200, durationMs: 12 } as const;

/** A log with these fields and default values for the others. */
export function sampleLog(fields: Partial<RequestLog> = {}): RequestLog {
  const { organizationId = 'acme', createdAt = SAMPLE_TIME, requestId = 'r1' } = fields;
  const id = logId(createdAt, organizationId, requestId);
  return completeLog({ ...PLAIN, id, organizationId, createdAt, requestId, ...fields });
}

/** A value for every nullable field. */
export const ALL_NULLABLE_FIELDS: Partial<RequestLog> = Object.fromEntries(
  fieldsWhere(({ nullable }) => nullable).map((name, i) => [
    name,
    fieldOf(name).kind === 'text' ? `a ${name}` : i,
  ]),
);

export function recorded(log: RequestLog): RecordedRequest {
  return { log, payload: null };
}

/** Edge cases for search, sorting and numbers. */
const SPECIAL: { readonly [F in LogField]?: readonly RequestLog[F][] } = {
  createdAt: [0, 1, 1, 1, 2, 5, 1000].map((ms) => SAMPLE_TIME + ms),
  requestId: ['a', 'A', 'req_', 'b%', 'b_'],
  method: ['GET', 'POST', 'DELETE'],
  path: ['/a', '/A', '/a%b', '/a_b', '/a.b', '/é', '/É', '/a*(', "/a'b", '/𝒳', '/ſ\u212aΣ', '/[K]^\\'],
  statusCode: [100, 200, 201, 404, 404, 500, 599],
  durationMs: [null, 0, 0, 1, 7, 2_147_483_647],
};

const OF_KIND = {
  text: ['a', 'A%', 'api_key', '::1', 'No such thing.', '/{id}'],
  integer: [0, 1, 2],
  safeInteger: [0, 1, 2 ** 31],
  time: [0, 1, 1, 7].map((ms) => SAMPLE_TIME + ms),
} satisfies Record<FieldKind, readonly unknown[]>;

/** Only a few values for each field, so that logs often tie on sort keys and filters often match. */
const VALUES = Object.fromEntries(LOG_FIELDS.map((name) => [name, valuesOf(name)])) as {
  readonly [F in LogField]: readonly RequestLog[F][];
};

function valuesOf(name: LogField): readonly unknown[] {
  const field = fieldOf(name);
  return (
    SPECIAL[name] ?? [
      ...(field.nullable ? [null, null] : []),
      ...OF_KIND[field.kind],
      ...(field.kind === 'integer' || field.kind === 'safeInteger' ? [boundsOf(field).max] : []),
    ]
  );
}

/** Logs of two organizations with distinct request ids; many have equal sort keys. */
export const anyLogs: fc.Arbitrary<RequestLog[]> = fc
  .array(
    fc.record({
      organizationId: fc.constantFrom('acme', 'acme', 'acme', 'globex'),
      ...(Object.fromEntries(LOG_FIELDS.map((name) => [name, fc.constantFrom(...VALUES[name])])) as {
        [F in LogField]: fc.Arbitrary<RequestLog[F]>;
      }),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((all) => all.map((fields, i) => sampleLog({ ...fields, requestId: `${fields.requestId}${i}` })));

const fields = fc.constantFrom(...LOG_FIELDS);
const fieldsOf = (kinds: readonly string[]) =>
  fc.constantFrom(...LOG_FIELDS.filter((name) => kinds.includes(fieldOf(name).kind)));

const oddText = fc.constantFrom(
  '',
  '%',
  '_',
  '.',
  '*',
  '(',
  'a',
  'A',
  '/a',
  'É',
  'é',
  "'",
  '\\',
  '\0',
  '\ud800',
  '𝒳',
  'q',
  'sKς',
  '\u212a',
  '[k',
  'k]^\\',
);
const oddNumber = fc.constantFrom(-2, -1, -0.5, 0, 0.5, 1, 6.9, 199.5, 399.5, 400, 599, 600, 2 ** 40);

/** A value that the field of a sample may have, or an unusual one. */
export function anyValue(name: LogField): fc.Arbitrary<string | number | null> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<string | number | null>(...VALUES[name]) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fieldOf(name).kind === 'text' ? oddText : oddNumber },
  );
}

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .record({ op: fc.constantFrom('eq', 'ne'), field: fields })
    .chain(({ op, field }) => anyValue(field).map((value) => ({ op, field, value }) as Filter)),
  fc
    .record({ op: fc.constantFrom('in', 'notIn'), field: fields })
    .chain(({ op, field }) =>
      fc.array(anyValue(field), { maxLength: 4 }).map((values) => ({ op, field, values }) as Filter),
    ),
  fc
    .record({ op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), field: fieldsOf(['integer', 'time']) })
    .chain(({ op, field }) =>
      anyValue(field).map((value) => ({ op, field, value: typeof value === 'number' ? value : 0 }) as Filter),
    ),
  fc
    .record({ op: fc.constantFrom('contains', 'startsWith'), field: fieldsOf(['text']), value: oddText })
    .map((filter) => filter as Filter),
);

/** Nested filters with every operator and unusual values. */
export const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { maxLength: 4 }),
    }),
    fc.record({ op: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter;
