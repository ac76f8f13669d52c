import type { Config } from '../config/config.ts';
import type { IngestLimits } from './ingest-batch.ts';

/** Settings of the ingest thread. All values can be cloned to a worker thread. */
export interface IngestSettings {
  readonly storeUrl: string;
  readonly limits: IngestLimits;
  /** Additional names whose values are redacted; see `SECRET_NAMES`. */
  readonly redact: readonly string[];
}

/** Derives the settings of the ingest thread from the configuration. */
export function ingestSettings(config: Config): IngestSettings {
  return {
    storeUrl: config.RELAYLOG_STORE_URL,
    redact: config.RELAYLOG_REDACT_NAMES,
    limits: {
      maxBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      maxValues: config.RELAYLOG_INGEST_MAX_VALUES,
      maxRejected: config.RELAYLOG_INGEST_MAX_REJECTED,
      bodyLimit: config.RELAYLOG_MAX_RECORDED_BODY_BYTES,
    },
  };
}
