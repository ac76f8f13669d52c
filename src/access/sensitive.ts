import { fieldsWhere, type LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { RequestLog } from '../log/request-log.ts';

/** Fields that can identify a person. Like headers and bodies, they require the scope `logs:sensitive`. */
const SENSITIVE_FIELDS = fieldsWhere(({ sensitive }) => sensitive);

const NULLED: Partial<RequestLog> = Object.fromEntries(SENSITIVE_FIELDS.map((name) => [name, null]));

/** Returns the log with its sensitive fields set to null, for viewers without the scope `logs:sensitive`. */
export function withoutSensitive(log: RequestLog): RequestLog {
  return { ...log, ...NULLED };
}

/** Returns the first sensitive field in a filter. Filtering by such a field would reveal its values by trial and error. */
export function sensitiveFieldOf(filter: Filter): LogField | undefined {
  if ('filter' in filter) return sensitiveFieldOf(filter.filter);
  if ('filters' in filter) {
    return filter.filters.map(sensitiveFieldOf).find((field) => field !== undefined);
  }
  return SENSITIVE_FIELDS.find((field) => field === filter.field);
}
