/** Default limit of one stored body, in bytes. */
export const BODY_LIMIT = 65_536;

/** What is stored of a body in an unknown form. */
export const UNKNOWN_BODIES = ['omit', 'keep'] as const;

export interface BodyOptions {
  /** Bytes of one stored body. */
  readonly limit: number;
  readonly unknownBodies: (typeof UNKNOWN_BODIES)[number];
}
