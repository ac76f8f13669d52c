/** When a range of logs gets a signature. Tests use smaller limits. */
export interface TextLimits {
  /** Logs of one signature. */
  readonly signatureLogs: number;
  /** The newest logs get no signature, because logs do not arrive in the order of their times. */
  readonly newestLogs: number;
  /** A range with fewer logs gets no signature, but is joined with the one before: reading them takes a millisecond or two. */
  readonly minLogs: number;
  /** The most late logs of a range. If there are more, its signature is deleted. */
  readonly maxLate: number;
  /** A range with fewer logs than a signature and the newest logs is indexed when it was not changed for this time, in milliseconds. */
  readonly quietMs: number;
}

export const TEXT_LIMITS: TextLimits = {
  signatureLogs: 16_384,
  newestLogs: 8_192,
  minLogs: 4_096,
  maxLate: 32,
  quietMs: 2_000,
};

/** Unindexed logs of a range after which a part of it is indexed at once. */
export function dueLogs({ signatureLogs, newestLogs }: TextLimits): number {
  return signatureLogs + newestLogs;
}
