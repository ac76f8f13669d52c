import { hash } from 'node:crypto';
import { canonicalFilter } from '../log/canonical-filter.ts';
import type { Filter } from '../log/filter.ts';
import type { GroupKeyPart } from './dimensions.ts';
import type { IntervalName } from './intervals.ts';

/*
 * Ids of the parts of an answer. Two parts have the same id exactly if they describe the same logs in the same way, so
 * that clients can cache them by id. Arguments that only select parts (such as `top`, the order and the range of time) are not
 * part of an id.
 */

/** The id of an answer: of the logs of an organization that match a filter. */
export function statsId(organizationId: string, filter: Filter): string {
  return digest('stats', organizationId, canonicalFilter(filter));
}

/** The id of a group within an answer. */
export function groupId(parent: string, key: readonly GroupKeyPart[]): string {
  return digest('group', parent, ...key.flatMap(({ dimension, value }) => [dimension, value]));
}

/**
 * Returns a function that gives the id of a bucket by its start. It hashes once for all buckets, because an answer may have
 * thousands.
 *
 * @param parent the id of the answer or group that is divided.
 */
export function bucketIds(
  parent: string,
  interval: IntervalName,
  timeZone: string,
): (from: number) => string {
  const prefix = digest('buckets', parent, interval, timeZone);
  return (from) => `${prefix}${from.toString(36)}`;
}

const DIGEST_LENGTH = 22;

/** 132 bits of a SHA-256. */
function digest(...parts: readonly (string | null)[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, DIGEST_LENGTH);
}
