import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time-units.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { type DemoOutcome, HARBOR, SEARCH_ROUTE } from './demo-api.ts';
import { demoLog } from './demo-log.ts';
import { randomChoices } from './random-numbers.ts';

const INCIDENT = {
  daysAgo: 2,
  /** After midnight UTC. */
  startMs: 14 * HOUR_MS + 5 * MINUTE_MS,
  lengthMs: 40 * MINUTE_MS,
  timeoutMs: 5 * SECOND_MS,
  /** Share of the searches that fail. */
  failed: 0.7,
  agent: 'harbor-backend/4.3.0 (node 24)',
  query: '?q=*&limit=100',
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

/**
 * Generates the logs of an incident in the afternoon (UTC) of the day before yesterday. A new version of one customer's backend
 * searches for everything: for 40 minutes, most of its searches time out and the others are slow. Deterministic.
 */
export function incidentLogs({ organizationId, count, first, now }: IncidentOptions): RecordedRequest[] {
  const random = randomChoices(first);
  const { daysAgo, startMs, lengthMs, timeoutMs, failed, agent, query } = INCIDENT;
  const start = (Math.floor(now / DAY_MS) - daysAgo) * DAY_MS + startMs;
  return Array.from({ length: count }, (_, i) => {
    const timedOut = random.next() < failed;
    const request = {
      createdAt: start + Math.floor(((i + random.next()) / count) * lengthMs),
      number: first + i,
      route: SEARCH_ROUTE,
      resource: '',
      query,
      outcome: timedOut ? TIMEOUT : { status: 200 },
      durationMs: Math.round(timeoutMs * (timedOut ? 1 + random.next() * 0.01 : 0.4 + random.next() * 0.6)),
      customer: HARBOR,
      byKey: true,
      userAgent: agent,
    };
    return demoLog(organizationId, request, random);
  });
}
