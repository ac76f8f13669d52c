import { shellWord } from '../lib/shell-word.ts';
import { recordedBody } from './recorded-body.ts';
import { REDACTED } from './redacted-text.tsx';

/** What is recorded of a request. */
export interface RecordedRequest {
  readonly method: string;
  readonly host: string | null | undefined;
  readonly path: string;
  /** An object of texts, or of lists of texts. Anything else is left out. */
  readonly requestHeaders?: unknown;
  readonly requestBody?: unknown;
}

/** Headers that curl or the connection sets. */
const OWN_HEADERS = /^(host|connection|content-length|transfer-encoding|accept-encoding|expect|te|upgrade)$/i;
/** RFC 9110. It excludes `@`, with which curl would read headers from a file. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HOST = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?$/;

/**
 * A shell command that sends the request again. Values of the log stay within quotes, whatever they contain. A secret that was
 * redacted is `$TOKEN`, a body that was not recorded is `$BODY`, and an unknown host is `$HOST`: variables of the shell that the
 * user sets.
 */
export function curlCommand({ method, host, path, requestHeaders, requestBody }: RecordedRequest): string {
  const isKnownHost = typeof host === 'string' && HOST.test(host);
  const target = targetOf(path);
  const url = isKnownHost ? quote(`https://${host}${target}`) : `'https://'"$HOST"${quote(target)}`;
  const body = bodyWord(requestBody);
  const words = [
    'curl',
    // Brackets and braces of the path are no patterns, and its dots are kept.
    '--globoff --path-as-is',
    method === 'HEAD' ? '--head' : method === 'GET' && body === null ? null : `-X ${quote(method)}`,
    url,
  ].filter((word) => word !== null);
  const lines = [words.join(' ')];
  for (const [name, value] of headersOf(requestHeaders)) lines.push(`-H ${quote(headerLine(name, value))}`);
  if (body !== null) lines.push(`--data-raw ${body}`);
  return lines.join(' \\\n  ');
}

/** One word of a shell. Secrets that were redacted are outside of the quotes, so that the shell puts `$TOKEN` there. */
function quote(text: string): string {
  const parts = text.split(REDACTED).map((part) => part && shellWord(part));
  return parts.join('"$TOKEN"') || "''";
}

/** Path and query as they can be part of a URL. The slash keeps them from becoming part of the host. */
function targetOf(path: string): string {
  const target = path.startsWith('/') ? path : `/${path}`;
  return target
    .toWellFormed()
    .split(REDACTED)
    .map((part) => part.replaceAll(/[^\x21-\x7e]|[#"<>\\^`{|}]/gu, encodeURIComponent))
    .join(REDACTED);
}

function headersOf(headers: unknown): (readonly [string, string])[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.entries(headers)
    .filter(([name]) => HEADER_NAME.test(name) && !OWN_HEADERS.test(name))
    .flatMap(([name, value]) =>
      [value].flat().map((item) => [name, typeof item === 'string' ? item : JSON.stringify(item)] as const),
    );
}

/** A semicolon instead of the colon means a header without a value. */
function headerLine(name: string, value: string): string {
  const clean = withoutControls(value.replaceAll(/[\r\n\t]+/g, ' ')).trim();
  return clean === '' ? `${name};` : `${name}: ${clean}`;
}

function bodyWord(body: unknown): string | null {
  const recorded = recordedBody(body);
  switch (recorded.kind) {
    case 'none':
      return null;
    case 'text':
      return quote(withoutControls(recorded.text.replaceAll(/\r\n?/g, '\n')));
    case 'json':
      return quote(withoutControls(JSON.stringify(recorded.value)));
    default:
      return '"$BODY"';
  }
}

/** Without control characters except tabs and line feeds: a terminal into which they are pasted would obey them. */
function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\t\n]/gu, '');
}
