import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useCredential } from '../access/use-credential.ts';
import { filterOfQuery } from '../filter/parse-query.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { setShown } from '../relay/environment.ts';
import { useClockOffset } from '../relay/use-clock-offset.ts';
import { LOCAL_ZONE } from '../time/format.ts';
import { type Interval, intervalOf } from '../time/time-range.ts';
import { withinRetention } from './retention.ts';
import { useUrlState } from './url-state.ts';

/** What the page asks: the filter and the range of the URL, resolved to the moment of the last refresh. */
export interface Question {
  /** The conditions of the URL without the range of time. */
  readonly conditions: RequestLogFilter;
  /** The conditions and the range: the variable `filter` of operations. */
  readonly filter: RequestLogFilter;
  /** The condition on the time: the part of `filter` that is not in `conditions`. */
  readonly time: RequestLogFilter;
  /** The range in Unix milliseconds; `to` is exclusive. It is within what the plan shows. */
  readonly interval: Interval;
  /** Whether the range of the URL starts before what the plan shows. */
  readonly isCut: boolean;
  /** An IANA time zone. */
  readonly zone: string;
  /** When a relative range ends: the time of the last refresh, in Unix milliseconds by the server's clock. */
  readonly now: number;
  /** Number of refreshes. */
  readonly revision: number;
  /** Asks again, up to the present. */
  refresh(): void;
}

export const QuestionContext = createContext<Question | null>(null);

/** The logs of an interval. A relative range has no end, so that new logs are part of it. */
export function timeCondition({ from, to }: Interval, hasEnd: boolean): RequestLogFilter {
  const gte = new Date(from).toISOString();
  return { createdAt: hasEnd ? { gte, lt: new Date(to).toISOString() } : { gte } };
}

/** The logs that match both. `stateOfFilter` takes the time out again. */
export const withTime = (conditions: RequestLogFilter, time: RequestLogFilter): RequestLogFilter =>
  Object.keys(conditions).length === 0 ? time : { and: [conditions, time] };

export function QuestionProvider({ children }: { readonly children: ReactNode }) {
  const [{ q, filter: other, range, tz, view, sort }] = useUrlState();
  const retentionDays = useCredential()?.retentionDays ?? null;
  const clockOffset = useClockOffset();
  // By the clock of the browser, so that the time is right as soon as the server's is known.
  const [{ askedAt, revision }, setAsked] = useState(() => ({ askedAt: Date.now(), revision: 0 }));
  const now = askedAt + clockOffset;
  const question = useMemo((): Question => {
    const typed = filterOfQuery(q);
    const conditions = other === null ? typed : { and: [typed, other] };
    const chosen = intervalOf(range, now);
    const { interval, isCut } = withinRetention(chosen, retentionDays, now);
    const time = timeCondition({ from: interval.from, to: chosen.to }, range.kind === 'absolute');
    return {
      conditions,
      filter: withTime(conditions, time),
      time,
      interval,
      isCut,
      zone: tz ?? LOCAL_ZONE,
      now,
      revision,
      refresh: () => setAsked((asked) => ({ askedAt: Date.now(), revision: asked.revision + 1 })),
    };
  }, [q, other, range, tz, now, revision, retentionDays]);
  const environment = useRelayEnvironment();
  // All panels render again if one of these changes. What they do not read then is not needed any more.
  const shown = useMemo(() => ({ question, view, sort }), [question, view, sort]);
  useLayoutEffect(() => {
    setShown(environment, shown);
    return () => setShown(environment, null);
  }, [environment, shown]);
  return <QuestionContext value={question}>{children}</QuestionContext>;
}

/** What the page asks. */
export function useQuestion(): Question {
  return useContext(QuestionContext)!;
}
