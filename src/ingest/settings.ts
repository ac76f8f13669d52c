import type { Config } from '../config/config.ts';
import type { IngestLimits } from './ingest-batch.ts';

/** What the thread needs to know; everything in it can be sent to a thread. */
export interface IngestSettings {
  readonly storeUrl: string;
  readonly limits: IngestLimits;
  /** Names whose values are redacted beyond our own list. */
  readonly redact: readonly string[];
}

/** What the ingest thread needs of the configuration. */
export function ingestSettings(config: Config): IngestSettings {
  return {
    storeUrl: config.RELAYLOG_STORE_URL,
    redact: config.RELAYLOG_REDACT_NAMES,
    limits: {
      maxBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      bodyLimit: config.RELAYLOG_MAX_RECORDED_BODY_BYTES,
    },
  };
}
