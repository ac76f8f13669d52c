import { hash } from 'node:crypto';
import { logId } from '../../src/log/log-id.ts';
import { completeLog, type RecordedRequest } from '../../src/log/request-log.ts';

export const ORGANIZATION = 'acme';
/** `repeated`: 20,000 different paths, of 40 routes with ids. `distinct`: a UUID in each. */
export const PATHS = ['repeated', 'distinct'] as const;
export type PathKind = (typeof PATHS)[number];

const START = Date.UTC(2026, 5, 1);
const STEP_MS = 50;
/** The only log with this number in its path. */
const NEEDLE = 123_456;

/** Logs in time order, each with a UUID as its request id. The same arguments give the same logs. */
export function textLogs(kind: PathKind, from: number, count: number): RecordedRequest[] {
  return Array.from({ length: count }, (_, i) => logAt(kind, from + i));
}

function logAt(kind: PathKind, i: number): RecordedRequest {
  const createdAt = START + i * STEP_MS;
  const requestId = uuid(`request ${i}`);
  const route = (i * 7919) % 40;
  const item = kind === 'repeated' ? (i * 31) % 500 : uuid(`path ${i}`);
  const log = completeLog({
    id: logId(createdAt, ORGANIZATION, requestId),
    organizationId: ORGANIZATION,
    createdAt,
    requestId,
    method: i % 3 === 0 ? 'POST' : 'GET',
    path: i === NEEDLE ? '/v1/needle-in-a-haystack' : `/v1/things-${route}/${item}?page=2`,
    statusCode: i % 20 === 0 ? 404 : 200,
    durationMs: (i * 7) % 997,
    routePattern: `/v1/things-${route}/{id}`,
    apiKeyId: `key_${i % 200}`,
    endpointType: 'read',
    billedUnits: 1,
    ipAddress: `10.0.${i % 256}.${i % 97}`,
    service: 'api',
    authType: 'api_key',
    host: 'api.example.com',
  });
  return { log, payload: null };
}

function uuid(seed: string): string {
  const digits = hash('md5', seed);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}
