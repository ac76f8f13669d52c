import * as fc from 'fast-check';
import { fieldOf } from '../../src/log/fields.ts';
import { INGEST_FIELDS } from '../../src/log/new-log.ts';
import { TEST_NOW } from './app.ts';
import { CORE, plantedBody, plantedPath, plantedText } from './planted-secrets.ts';

/** The text fields that have no form of their own. */
const TEXTS = INGEST_FIELDS.filter(
  (name) => fieldOf(name).kind === 'text' && fieldOf(name).format === undefined,
);

/** A log as it is sent to ingest, with secrets under promised names in its bodies, a header, the path and a text field. */
export const plantedLog = fc
  .tuple(plantedBody, plantedBody, fc.constantFrom(...TEXTS), plantedText, plantedPath)
  .map(([request, response, field, text, path]) => ({
    createdAt: TEST_NOW - 1000,
    method: 'POST',
    statusCode: 200,
    path,
    [field]: text,
    requestHeaders: { ...typeOf(request.contentType, 'content-type'), referer: `https://h${path}` },
    requestBody: request.body,
    responseHeaders: { ...typeOf(response.contentType, 'Content-Type'), 'x-note': [text, 'ok'] },
    responseBody: response.body,
  }));

function typeOf(contentType: string | null, name: string): Record<string, string> {
  return contentType === null ? {} : { [name]: contentType };
}

/** The logs of a sample whose secrets are in what was stored, each with one that is. */
export function logsThatLeak(logs: readonly unknown[], stored: string): [secret: string, log: unknown][] {
  const found = new Set(stored.match(new RegExp(CORE, 'g')));
  return logs.flatMap((log): [string, unknown][] => {
    const secret = JSON.stringify(log)
      .match(new RegExp(CORE, 'g'))
      ?.find((one) => found.has(one));
    return secret === undefined ? [] : [[secret, log]];
  });
}
