import type { ReactNode } from 'react';
import { formatDuration } from '../format/duration.ts';
import { formatBytes, formatNumber } from '../format/number.ts';
import { formatFullTime, formatTime } from '../time/format.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import type { ColumnName } from './column-names.ts';
import type { LogOfTable } from './use-log-pages.ts';

/** From this duration on, a request is emphasized as slow. */
export const SLOW_MS = 1_000;

/** How a field of a log is shown as a column. */
export interface Column {
  /** Default width in pixels. */
  readonly width: number;
  readonly isNumber?: boolean;
  readonly isCode?: boolean;
  /** What is shown in the cell; null if the log has no value. */
  readonly cell: (log: LogOfTable, zone: string) => ReactNode;
  /** The whole value, if the cell does not show it as it is. */
  readonly title?: (log: LogOfTable, zone: string) => string | undefined;
}

const text = (name: TextName, width: number, isCode = false): Column => ({
  width,
  isCode,
  cell: (log) => log[name],
  title: (log) => log[name] ?? undefined,
});

const bytes = (name: 'requestBytes' | 'responseBytes'): Column => ({
  width: 116,
  isNumber: true,
  cell: (log) => orNull(log[name], formatBytes),
  title: (log) => orNull(log[name], (value) => `${formatNumber(value)} bytes`) ?? undefined,
});

const time = (name: 'createdAt' | 'receivedAt'): Column => ({
  width: 178,
  cell: (log, zone) => orNull(log[name], (value) => formatTime(value, zone)),
  title: (log, zone) => orNull(log[name], (value) => formatFullTime(value, zone)) ?? undefined,
});

/** Every column by its name. */
export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  createdAt: time('createdAt'),
  statusCode: { width: 80, cell: (log) => <StatusBadge statusCode={log.statusCode} /> },
  method: { width: 76, isCode: true, cell: (log) => <span className="log-method">{log.method}</span> },
  path: text('path', 170, true),
  routePattern: text('routePattern', 200, true),
  durationMs: {
    width: 98,
    isNumber: true,
    cell: ({ durationMs }) =>
      orNull(durationMs, (ms) => (
        <span className={ms >= SLOW_MS ? 'log-slow' : ''}>{formatDuration(ms)}</span>
      )),
    title: ({ durationMs }) => orNull(durationMs, (ms) => `${formatNumber(ms)} ms`) ?? undefined,
  },
  service: text('service', 120),
  consumerId: text('consumerId', 132),
  apiKeyId: text('apiKeyId', 132),
  errorType: text('errorType', 168),
  errorDetail: text('errorDetail', 260),
  host: text('host', 150),
  requestId: text('requestId', 180, true),
  traceId: text('traceId', 260, true),
  requestBytes: bytes('requestBytes'),
  responseBytes: bytes('responseBytes'),
  billedUnits: {
    width: 96,
    isNumber: true,
    cell: (log) => orNull(log.billedUnits, formatNumber),
  },
  authType: text('authType', 96),
  endpointType: text('endpointType', 112),
  receivedAt: time('receivedAt'),
  ipAddress: text('ipAddress', 130, true),
  userAgent: text('userAgent', 220),
};

type TextName = {
  [N in ColumnName & keyof LogOfTable]: LogOfTable[N] extends string | null | undefined ? N : never;
}[ColumnName & keyof LogOfTable];

/** A field that the query did not select is undefined. */
function orNull<T, R>(value: T | null | undefined, format: (value: T) => R): R | null {
  return value === null || value === undefined ? null : format(value);
}
