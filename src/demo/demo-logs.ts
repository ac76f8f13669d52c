import { DAY_MS } from '../lib/time-units.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { CUSTOMERS, type DemoRoute, OUTCOMES, outcomeOn, ROUTES } from './demo-api.ts';
import { demoLog } from './demo-log.ts';
import { type RandomChoices, randomChoices } from './random-numbers.ts';

export interface DemoOptions {
  readonly organizationId: string;
  readonly count: number;
  /** Number of the first log; other numbers give other logs. Default: 0. */
  readonly first?: number;
  /** The logs are spread over this many days before `now`, with more logs in the afternoon (UTC) than at night. */
  readonly days: number;
  /** Unix milliseconds. */
  readonly now: number;
}

const QUERIES = ['relay', 'log', 'acme', 'north'];
const TOKEN_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

/**
 * Generates realistic logs with routes, customers, errors, slow calls and bodies. Deterministic: for the same options except
 * `now`, the logs of each whole day (UTC) depend only on how many days ago it was.
 */
export function demoLogs({ organizationId, count, days, now, first = 0 }: DemoOptions): RecordedRequest[] {
  const random = randomChoices(organizationId.length * 7919 + count + first);
  const midnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  const one = (i: number): RecordedRequest => {
    const route = random.weighted(ROUTES);
    const outcome = outcomeOn(route, random.weighted(OUTCOMES));
    const customer = random.weighted(CUSTOMERS);
    const byKey = random.next() >= 0.2;
    const isSlow = random.next() < 0.02;
    const request = {
      createdAt: pastTime(midnight - beforeMidnight(days, random), days, now),
      number: i,
      route,
      resource: random.below(5000),
      query: route.type === 'search' ? `?q=${random.pick(QUERIES)}&limit=20` : '',
      outcome,
      durationMs: durationOn(route, isSlow, random),
      customer,
      byKey,
      userAgent: byKey ? customer.agent : TOKEN_AGENT,
    };
    return demoLog(organizationId, request, random);
  };
  return Array.from({ length: count }, (_, i) => one(first + i));
}

/** Below the durations of an incident, which would not stand out otherwise. */
const SLOW_MS = 1_500;

function durationOn({ usualMs }: DemoRoute, isSlow: boolean, random: RandomChoices): number {
  const spread = 0.5 + random.next();
  const tail = random.next() ** 8 * 6;
  return Math.round(isSlow ? Math.min(20 * usualMs, SLOW_MS) * spread : usualMs * (spread + tail));
}

/** Milliseconds from a time to the end of the last day: more often in the afternoon than at night. */
function beforeMidnight(days: number, random: RandomChoices): number {
  for (;;) {
    const ms = 1 + random.below(days * DAY_MS);
    const hour = 24 - (ms % DAY_MS) / (DAY_MS / 24);
    const traffic = (1 + Math.cos(((hour - 14) / 12) * Math.PI)) / 2;
    if (random.next() < 0.15 + 0.85 * traffic) return ms;
  }
}

/** The time; if it is in the future, earlier by whole spans of the logs, so that all logs are within `days` before `now`. */
function pastTime(time: number, days: number, now: number): number {
  const span = days * DAY_MS;
  return Math.floor(time <= now ? time : time - Math.ceil((time - now) / span) * span);
}
