import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time-units.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { CUSTOMERS, type DemoOutcome, HARBOR, SEARCH_ROUTE, TRADEMARK_ROUTE } from './demo-api.ts';
import { ALL_TRADEMARKS } from './demo-bodies.ts';
import { demoLog } from './demo-log.ts';
import { randomChoices } from './random-numbers.ts';

/*
 * In the afternoon (UTC) of the day before yesterday, a new version of one customer's backend searches for everything. For 40
 * minutes, most of its searches time out and the others are slow. The service that searches also reads trademarks: for all
 * customers, these reads become slower while it is overloaded, and recover within 15 minutes afterwards. They do not fail.
 */
const INCIDENT = {
  daysAgo: 2,
  /** After midnight UTC. */
  startMs: 14 * HOUR_MS + 5 * MINUTE_MS,
  lengthMs: 40 * MINUTE_MS,
  recoveryMs: 15 * MINUTE_MS,
  timeoutMs: 5 * SECOND_MS,
  /** Share of the searches that fail. */
  failed: 0.7,
  agent: 'harbor-backend/4.3.0 (node 24)',
  query: '?q=*&limit=100',
  /** What the overload adds to a read at its peak. */
  slowReadMs: 2_400,
} as const;

const TIMEOUT: DemoOutcome = {
  status: 504,
  errorType: 'search_timeout',
  errorDetail: 'The search was stopped after 5000 ms: q=* matches all 1204331 trademarks.',
};

export interface IncidentOptions {
  readonly organizationId: string;
  readonly count: number;
  /** Number of the first log. */
  readonly first: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Generates the searches of the incident. Deterministic. */
export function incidentSearches({ organizationId, count, first, now }: IncidentOptions): RecordedRequest[] {
  const random = randomChoices(first);
  const traces = randomChoices(first + 1);
  const { lengthMs, timeoutMs, failed, agent, query } = INCIDENT;
  return Array.from({ length: count }, (_, i) => {
    const timedOut = random.next() < failed;
    const request = {
      createdAt: startOfIncident(now) + Math.floor(((i + random.next()) / count) * lengthMs),
      number: first + i,
      route: SEARCH_ROUTE,
      resource: 0,
      query,
      outcome: timedOut ? TIMEOUT : { status: 200 },
      durationMs: Math.round(timeoutMs * (timedOut ? 1 + random.next() * 0.01 : 0.4 + random.next() * 0.6)),
      customer: HARBOR,
      byKey: true,
      userAgent: agent,
      traceId: traces.hex(32),
      responseBody: ALL_TRADEMARKS,
    };
    return demoLog(organizationId, request, random);
  });
}

/** Generates the reads that the incident slows down. Deterministic. */
export function slowReads({ organizationId, count, first, now }: IncidentOptions): RecordedRequest[] {
  const random = randomChoices(first);
  const { lengthMs, recoveryMs, slowReadMs } = INCIDENT;
  return Array.from({ length: count }, (_, i) => {
    const ms = Math.floor(((i + random.next()) / count) * (lengthMs + recoveryMs));
    const overload = Math.min(ms / lengthMs, (lengthMs + recoveryMs - ms) / recoveryMs);
    const customer = random.weighted(CUSTOMERS);
    const request = {
      createdAt: startOfIncident(now) + ms,
      number: first + i,
      route: TRADEMARK_ROUTE,
      resource: random.below(5000),
      query: '',
      outcome: { status: 200 },
      durationMs: Math.round(
        TRADEMARK_ROUTE.usualMs * (0.5 + random.next()) + slowReadMs * overload * (0.7 + random.next() * 0.3),
      ),
      customer,
      byKey: true,
      userAgent: customer.agent,
    };
    return demoLog(organizationId, request, random);
  });
}

function startOfIncident(now: number): number {
  return (Math.floor(now / DAY_MS) - INCIDENT.daysAgo) * DAY_MS + INCIDENT.startMs;
}
