import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { overview_log$data, overview_log$key } from '../__generated__/overview_log.graphql';
import { FIELD_LABELS } from '../fields/field-labels.ts';
import { isSensitive } from '../fields/is-sensitive.ts';
import { formatAge, formatDuration } from '../format/duration.ts';
import { formatBytes, formatNumber } from '../format/number.ts';
import { serverClock } from '../relay/server-clock.ts';
import { useQuestion } from '../state/question.tsx';
import { formatFullTime } from '../time/format.ts';
import { FilterByButton } from './filter-by-button.tsx';
import { Locked } from './locked.tsx';
import { RedactedText } from './redacted-text.tsx';

type Log = overview_log$data;
type Field = Exclude<keyof Log, ' $fragmentType'>;

/** Fields by which logs are often filtered. */
const FILTERS: ReadonlySet<Field> = new Set([
  'method',
  'routePattern',
  'service',
  'statusCode',
  'errorType',
  'consumerId',
  'apiKeyId',
] as const);

const GROUPS: readonly (readonly [title: string, fields: readonly Field[]])[] = [
  ['Response', ['statusCode', 'errorType', 'errorDetail', 'durationMs', 'responseBytes']],
  ['Request', ['method', 'routePattern', 'host', 'service', 'endpointType', 'requestBytes', 'traceId']],
  ['Caller', ['consumerId', 'apiKeyId', 'apiKeyPrefix', 'authType', 'ipAddress', 'userAgent']],
  ['Record', ['requestId', 'createdAt', 'receivedAt', 'billedUnits']],
];

/** Every field that has a value. */
export function Overview({
  log: key,
  isLocked,
}: {
  readonly log: overview_log$key;
  readonly isLocked: boolean;
}) {
  const log = useFragment(
    graphql`
      fragment overview_log on RequestLog @argumentDefinitions(sensitive: { type: "Boolean!" }) {
        createdAt
        receivedAt
        requestId
        traceId
        method
        statusCode
        durationMs
        routePattern
        host
        service
        endpointType
        authType
        apiKeyId
        apiKeyPrefix
        consumerId
        errorType
        errorDetail
        billedUnits
        requestBytes
        responseBytes
        ipAddress @include(if: $sensitive)
        userAgent @include(if: $sensitive)
      }
    `,
    key,
  );
  const { zone } = useQuestion();
  return GROUPS.map(([title, fields]) => {
    const shown = fields
      .map(
        (field) =>
          [field, isLocked && isSensitive(field) ? <Locked key={field} /> : show(log, field, zone)] as const,
      )
      .filter(([, value]) => value !== null);
    return (
      shown.length > 0 && (
        <section key={title} className="detail-section">
          <h3>{title}</h3>
          <dl className="fields">
            {shown.map(([field, value]) => (
              <div key={field}>
                <dt>{FIELD_LABELS[field]}</dt>
                <dd>
                  <span>{value}</span>
                  {FILTERS.has(field) && (
                    <FilterByButton field={field} label={FIELD_LABELS[field]} value={String(log[field])} />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )
    );
  });
}

/** Null: the log has no value. */
function show(log: Log, field: Field, zone: string): ReactNode {
  const value = log[field];
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') {
    if (field === 'durationMs')
      return exact(formatDuration(value), value >= 1_000 && `${formatNumber(value)} ms`);
    if (field === 'requestBytes' || field === 'responseBytes')
      return exact(formatBytes(value), value >= 1_000 && `${formatNumber(value)} bytes`);
    return field === 'statusCode' ? value : formatNumber(value);
  }
  if (field === 'createdAt' || field === 'receivedAt')
    return exact(formatFullTime(value, zone), formatAge(serverClock.now() - Date.parse(value)));
  return <RedactedText text={value} />;
}

function exact(short: string, long: string | false): ReactNode {
  return (
    <>
      {short}
      {long && <span className="muted"> ({long})</span>}
    </>
  );
}
