import { fieldsThat, type LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { RequestLog } from '../log/request-log.ts';

/** Fields that identify a person: they need the scope `logs:sensitive`, as headers and bodies do. */
const SENSITIVE_FIELDS = fieldsThat(({ sensitive }) => sensitive);

const HIDDEN: Partial<RequestLog> = Object.fromEntries(SENSITIVE_FIELDS.map((name) => [name, null]));

/** The log as a viewer without that scope sees it. */
export function withoutSensitive(log: RequestLog): RequestLog {
  return { ...log, ...HIDDEN };
}

/** The first sensitive field that a filter names: its values could be guessed, one question after the other. */
export function sensitiveFieldOf(filter: Filter): LogField | undefined {
  if ('filter' in filter) return sensitiveFieldOf(filter.filter);
  if ('filters' in filter) {
    return filter.filters.map(sensitiveFieldOf).find((field) => field !== undefined);
  }
  return SENSITIVE_FIELDS.find((field) => field === filter.field);
}
