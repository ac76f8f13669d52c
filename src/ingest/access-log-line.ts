/** Access log formats of Apache httpd and nginx (httpd.apache.org/docs/2.4/logs.html#accesslog). */
export const ACCESS_LOG_FORMATS = ['common', 'combined'] as const;
export type AccessLogFormat = (typeof ACCESS_LOG_FORMATS)[number];

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const COMMON = `^(\\S+) \\S+ [^[]*\\[([^\\][]{1,40})\\] ${QUOTED} (\\d{3}) (\\d+|-)`;
// The closing quote of the last field is optional, because a line that was truncated there is still usable. Additional
// fields after the known ones are ignored.
const LINE = {
  common: new RegExp(`${COMMON}$`),
  combined: new RegExp(`${COMMON} ${QUOTED} (?:${QUOTED}(?: .*)?|"((?:[^"\\\\]|\\\\.)*))$`),
};
const SHAPE = {
  common: 'host ident user [time] "request" status bytes',
  combined: 'host ident user [time] "request" status bytes "referer" "user agent"',
};

/** Characters. Longer lines are rejected without matching them. */
const MAX_LINE_LENGTH = 65_536;

const TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const REQUEST = /^(\S+) (\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/;

export type ParsedLine =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly reason: string };

/** Parses a line into an input for `validateNewLog`. Values that the line does not contain are null or left out. */
export function parseAccessLogLine(line: string, format: AccessLogFormat): ParsedLine {
  const match = line.length > MAX_LINE_LENGTH ? null : LINE[format].exec(line.trimEnd());
  if (match === null) return { ok: false, reason: `not in ${format} format: ${SHAPE[format]}` };
  const [, host, time, request, status, bytes, referer, quotedAgent, truncatedAgent] = match;
  const userAgent = quotedAgent ?? truncatedAgent;
  const createdAt = isoTime(time!);
  if (createdAt === null)
    return { ok: false, reason: `the time ${JSON.stringify(time)} is not DD/Mon/YYYY:HH:MM:SS ±HHMM` };
  const [, method, target] = REQUEST.exec(unescaped(request!)) ?? [];
  if (target === undefined) return { ok: false, reason: 'the request is not a method and a path' };
  return {
    ok: true,
    input: {
      createdAt,
      method,
      path: target,
      statusCode: Number(status),
      responseBytes: bytes === '-' ? null : Number(bytes),
      ipAddress: host,
      userAgent: fieldValue(userAgent),
      requestHeaders: fieldValue(referer) === null ? null : { referer: fieldValue(referer) },
    },
  };
}

function isoTime(text: string): string | null {
  const [, day, month, year, clock, hours, minutes] = TIME.exec(text) ?? [];
  const number = MONTHS.indexOf(month ?? '') + 1;
  return number === 0
    ? null
    : `${year}-${String(number).padStart(2, '0')}-${day}T${clock}${hours}:${minutes}`;
}

/** A dash or an empty field means no value. */
function fieldValue(field: string | undefined): string | null {
  return field === undefined || field === '-' || field === '' ? null : unescaped(field);
}

/** Unescapes `\"` and `\\`. Other escapes, such as `\xhh`, are kept as they are. */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}
