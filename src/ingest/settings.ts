import type { Config } from '../config/config.ts';
import type { RedactionSettings } from '../log/redact/redactor.ts';
import type { IngestLimits } from './ingest-batch.ts';

/** Settings of the ingest thread. All values can be cloned to a worker thread. */
export interface IngestSettings {
  readonly storeUrl: string;
  readonly limits: IngestLimits;
  readonly redaction: RedactionSettings;
}

/** Derives the settings of the ingest thread from the configuration. */
export function ingestSettings(config: Config): IngestSettings {
  return {
    storeUrl: config.RELAYLOG_STORE_URL,
    redaction: redactionSettings(config),
    limits: {
      maxBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      maxValues: config.RELAYLOG_INGEST_MAX_VALUES,
      maxRejected: config.RELAYLOG_INGEST_MAX_REJECTED,
    },
  };
}

/** What is redacted and how much of a body is kept, as the configuration says. */
export function redactionSettings(config: Config): RedactionSettings {
  return {
    names: config.RELAYLOG_REDACT_NAMES,
    limit: config.RELAYLOG_MAX_RECORDED_BODY_BYTES,
    unknownBodies: config.RELAYLOG_UNKNOWN_BODIES,
  };
}
