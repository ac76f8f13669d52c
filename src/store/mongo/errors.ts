import {
  MongoBulkWriteError,
  MongoDriverError,
  MongoError,
  MongoErrorLabel,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoSystemError,
} from 'mongodb';
import type { RelaylogError } from '../../log/errors.ts';
import { queryTimeout } from '../read-budget.ts';
import { unavailable } from '../unavailable.ts';

/** MongoDB error codes (error_codes.yml of its source) for problems that an operator can fix. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'the database reported an internal error',
  13: 'the database user lacks permissions; it needs the role readWrite',
  18: 'the database rejected the credentials',
  64: 'a majority of the replica set did not acknowledge the write in time',
  100: 'the replica set has too few members for a majority',
  121: 'a validator of the database rejected the document; run relaylog doctor',
  8000: 'the database rejected the credentials',
  11601: 'the query was killed in the database',
  14031: 'the disk of the database server is full',
};
/** WriteConflict; and the SQLSTATE 40P01, deadlock_detected, as DocumentDB encodes it. The server has undone the write. */
const CONFLICTS: readonly unknown[] = [112, 16_908_292];
const CONFLICT = 'the write conflicted with another one; send it again';
const NOT_RESPONDING = 'the database does not respond';
const UNREADABLE_FILE = 'a file named in the database URL cannot be read';

const DUPLICATE_KEY = 11000;
const TIMEOUTS: readonly unknown[] = [50, 262];
/** ExceededMemoryLimit, QueryExceededMemoryLimitNoDiskUseAllowed. */
const OUT_OF_MEMORY: readonly unknown[] = [146, 292];

/**
 * Converts a known error of the driver to a RelaylogError, and removes hosts from an unknown one. Neither the message nor the
 * cause contains a host or a credential. Errors that are not from the driver are returned unchanged.
 */
export function translateError(error: unknown): unknown {
  // A failed DNS lookup or an unreadable file is reported as a system error of Node.
  if (error instanceof Error && 'syscall' in error) {
    return unavailableBecause(error.syscall === 'open' ? UNREADABLE_FILE : NOT_RESPONDING, error);
  }
  if (!(error instanceof MongoError)) return error;
  if (TIMEOUTS.includes(error.code)) return queryTimeout();
  if (isUnusableIndex(error)) {
    return unavailableBecause('an index is missing or cannot be used; run relaylog doctor', error);
  }
  const reason = isUnreachable(error)
    ? (certificateProblem(error) ?? NOT_RESPONDING)
    : CONFLICTS.includes(error.code)
      ? CONFLICT
      : REASONS[Number(error.code)];
  return reason === undefined ? withoutHosts(error) : unavailableBecause(reason, error);
}

/** Returns the error of a server that accepts commands and does not respond to them. */
export function notResponding(): RelaylogError {
  return unavailable(NOT_RESPONDING);
}

/** Like `unavailable`, but the cause contains no host and no credential. */
function unavailableBecause(reason: string, cause: Error): RelaylogError {
  return unavailable(reason, reducedError(cause));
}

/**
 * Returns the indexes of the documents of an unordered bulk insert that already existed.
 *
 * @throws the error itself if there was any other failure.
 */
export function duplicatesOf(error: unknown): number[] {
  const failures = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  if ((error as MongoBulkWriteError).result.getWriteConcernError()) throw error;
  return failures.map(({ index }) => index);
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Returns whether one document, or some of a bulk write, already existed, and nothing else failed. */
export function isDuplicateWrite(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return isDuplicate(error);
  const failures = [error.writeErrors].flat();
  return failures.length > 0 && failures.every(({ code }) => code === DUPLICATE_KEY);
}

/** Returns whether the server needs more memory for groups than its limit, and cannot use its disk. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof MongoServerError && OUT_OF_MEMORY.includes(error.code);
}

/** Returns whether an immediate retry may succeed: a connection was lost, or the primary is stepping down. */
export function isRetryable(error: unknown): boolean {
  // After a timeout, do not wait a second time.
  const isTimeout =
    error instanceof MongoSystemError ||
    error instanceof MongoNetworkTimeoutError ||
    (error instanceof Error && /WaitQueue/.test(error.name));
  return error instanceof MongoError && isUnreachable(error) && !isTimeout;
}

/** No server is reachable, or the primary is stepping down. The driver has already retried once. */
function isUnreachable(error: MongoError): boolean {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoSystemError ||
    // A bulk write wraps a network error in an error without a code.
    (error instanceof MongoBulkWriteError && error.code === undefined) ||
    // The connection was closed during the call, or no connection was free in time.
    (error instanceof MongoDriverError && /Closed|NotConnected|Expired|WaitQueue/.test(error.name)) ||
    error.hasErrorLabel(MongoErrorLabel.RetryableWriteError) ||
    error.hasErrorLabel(MongoErrorLabel.RetryableError) ||
    error.hasErrorLabel(MongoErrorLabel.PoolRequestedRetry) ||
    NOT_PRIMARY.includes(Number(error.code))
  );
}

/** The reason if the server's certificate was rejected, with the code of OpenSSL or Node. */
function certificateProblem(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  if (/^(?:ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code)) {
    return `the TLS certificate of the database was rejected (${code})`;
  }
  return error.cause instanceof Error ? certificateProblem(error.cause) : undefined;
}

/** Stepping down, recovering, shutting down, pool cleared (the specification "Server Discovery and Monitoring"). */
const NOT_PRIMARY = [91, 189, 10058, 10107, 11600, 11602, 13435, 13436];

/** The hinted index is missing, or cannot serve the query because it is hidden, partial or of another type (code 291). */
function isUnusableIndex(error: MongoError): boolean {
  return error.code === 291 || (error.code === 2 && /hint.*existing index/.test(error.message));
}

/** The error reduced to its name, its code and the code of a network error. */
function reducedError(error: Error): Error {
  const [network] = /\bE[A-Z_]{4,}\b/.exec(error.message) ?? [];
  return withMessage(error, network ?? 'see the log of the database');
}

/** An unknown error, with URLs and addresses removed from its message. */
function withoutHosts(error: Error): Error {
  return withMessage(error, error.message.replace(URLS, '…').replace(ADDRESSES, '…'));
}
const URLS = /mongodb(\+srv)?:\/\/\S+/g;
const ADDRESSES = /(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}\b|\b\d{1,3}(\.\d{1,3}){3}\b/g;

function withMessage(error: Error, message: string): Error {
  const code = 'code' in error ? { code: error.code } : {};
  return Object.assign(new Error(message), { name: error.name, ...code });
}
