/** Access-log formats of Apache httpd and nginx (httpd.apache.org/docs/2.4/logs.html#accesslog). */
export const ACCESS_LOG_FORMATS = ['common', 'combined'] as const;
export type AccessLogFormat = (typeof ACCESS_LOG_FORMATS)[number];

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const COMMON = `^(\\S+) \\S+ [^[]*\\[([^\\][]{1,40})\\] ${QUOTED} (\\d{3}) (\\d+|-)`;
// The last quote may be missing: a line that was cut in its last field still says what happened. What a server writes
// after the known fields is passed over.
const LINE = {
  common: new RegExp(`${COMMON}$`),
  combined: new RegExp(`${COMMON} ${QUOTED} (?:${QUOTED}(?: .*)?|"((?:[^"\\\\]|\\\\.)*))$`),
};
const SHAPE = {
  common: 'host ident user [time] "request" status bytes',
  combined: 'host ident user [time] "request" status bytes "referer" "user agent"',
};

/** A longer line is none of an access log. */
const MAX_LINE = 65_536;

const TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const REQUEST = /^(\S+) (\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/;

export type ParsedLine =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly reason: string };

/** A line as the input that `validateNewLog` takes. What the line does not say is left out, never made up. */
export function parseAccessLogLine(line: string, format: AccessLogFormat): ParsedLine {
  const match = line.length > MAX_LINE ? null : LINE[format].exec(line.trimEnd());
  if (match === null) return { ok: false, reason: `not in ${format} format: ${SHAPE[format]}` };
  const [, host, time, request, status, bytes, referer, wholeAgent, cutAgent] = match;
  const userAgent = wholeAgent ?? cutAgent;
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

/** A dash or nothing stands for no value. */
function fieldValue(field: string | undefined): string | null {
  return field === undefined || field === '-' || field === '' ? null : unescaped(field);
}

/** `\"` and `\\` as what they stand for; other escapes (`\xhh`) stay as they were written. */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}
