import type { Json } from '../request-log.ts';
import { secretNames } from '../secret-names.ts';
import { storedBody } from './body.ts';
import type { BodyOptions } from './body-options.ts';
import { withCodes } from './coded-text.ts';
import { redactJson } from './json.ts';
import { parsedJson, replaceCredentials, replaceKnown, TextSearch } from './text.ts';
import { redactUrl } from './url.ts';

export interface RedactionSettings extends BodyOptions {
  /** Further whole names, in any spelling: case, `-` and `_` make no difference. */
  readonly names: readonly string[];
}

/** Takes secrets out of the logs of one batch before they are stored. What holds none is returned unchanged. */
export interface Redactor {
  /** Text of any kind: secret values in it, URLs, and credentials of known formats. */
  text(text: string): string;
  /** A path or URL: user info, secret parameters, and credentials of known formats. */
  url(text: string): string;
  /** A host with or without a port: as text, but `auth:8080` is no name with a value. */
  host(text: string): string;
  /** An id: as text, but a long number is no card number. */
  identity(text: string): string;
  /** Names and values of headers. */
  headers(headers: Json): Json;
  /** A body as `storedBody` describes it. @param contentType the recorded header; null if there is none. */
  body(body: Json, contentType: string | null): Json;
}

const PORT = /:\d{1,5}$/;

/**
 * Returns a function that makes the redactor of one batch: of an ingest request, or of an import. The work of a batch is
 * bounded (see `TextSearch`), so batches never share a redactor.
 */
export function redactors({ names, ...options }: RedactionSettings): () => Redactor {
  const isSecretName = secretNames(names);
  return () => batchRedactor(new TextSearch(isSecretName), options);
}

function batchRedactor(search: TextSearch, options: BodyOptions): Redactor {
  const searched = (text: string) => {
    search.start(text.length);
    return withCodes(text, (coded) => search.text(coded, false));
  };
  const text = (value: string) => replaceKnown(searched(value), false);
  return {
    text,
    url(value) {
      if (!/^(?:[a-z][a-z0-9+.-]{0,30}:\/)?\//i.test(value)) return text(value);
      search.start(value.length);
      return replaceKnown(
        withCodes(value, (url) => redactUrl(url, search, false)),
        false,
      );
    },
    host(value) {
      const [port = ''] = PORT.exec(value) ?? [];
      return text(value.slice(0, value.length - port.length)) + port;
    },
    identity: (value) => replaceCredentials(searched(value), false),
    headers(value) {
      if (value === null) return null;
      const json = JSON.stringify(value);
      search.start(json.length);
      const shown = replaceKnown(
        withCodes(json, (coded) => redactJson(coded, search, false)) ?? 'null',
        false,
      );
      return shown === json ? value : parsedJson(shown);
    },
    body: (value, contentType) => storedBody(value, contentType, search, options),
  };
}
