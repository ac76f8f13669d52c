import type { Filter } from '../log/filter.ts';
import type { LogField, RequestLog } from '../log/request-log.ts';

/** Fields that say who somebody is: they need the scope `logs:sensitive`, as headers and bodies do. */
const SENSITIVE_FIELDS = ['ipAddress', 'userAgent'] as const satisfies readonly LogField[];

/** The log as a viewer without that scope sees it. */
export function withoutSensitive(log: RequestLog): RequestLog {
  return { ...log, ipAddress: null, userAgent: null } satisfies Record<
    (typeof SENSITIVE_FIELDS)[number],
    null
  >;
}

/** The first sensitive field that a filter asks about: its values could be guessed, one question after the other. */
export function sensitiveFieldOf(filter: Filter): LogField | undefined {
  if ('filter' in filter) return sensitiveFieldOf(filter.filter);
  if ('filters' in filter) {
    return filter.filters.map(sensitiveFieldOf).find((field) => field !== undefined);
  }
  return SENSITIVE_FIELDS.find((field) => field === filter.field);
}
