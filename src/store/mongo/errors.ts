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

/** Codes of MongoDB (its error_codes.yml) that an operator can do something about. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'the database failed inside',
  13: 'the database grants this user too little; it needs readWrite',
  18: 'the database refuses the credentials',
  64: 'a majority of the replica set did not confirm in time',
  100: 'the replica set has too few members for a majority',
  8000: 'the database refuses the credentials',
  14031: 'the disk of the database is full',
};
const AWAY = 'the database does not answer';
const NO_FILE = 'a file that the URL of the database names cannot be read';

const DUPLICATE_KEY = 11000;
const TIMEOUTS: readonly unknown[] = [50, 262];

/** A driver's error as ours, any other as it is. Neither message nor cause names a host or holds a credential. */
export function translated(error: unknown): unknown {
  // A name that cannot be resolved, or a file that cannot be opened, reaches us as Node's own error.
  if (error instanceof Error && 'syscall' in error) {
    return unavailableBy(error.syscall === 'open' ? NO_FILE : AWAY, error);
  }
  if (!(error instanceof MongoError)) return error;
  if (TIMEOUTS.includes(error.code)) return queryTimeout();
  if (isMissingIndex(error)) return unavailableBy('an index is missing; run relaylog doctor', error);
  const reason = isAway(error) ? (untrusted(error) ?? AWAY) : REASONS[Number(error.code)];
  return reason === undefined ? unnamed(error) : unavailableBy(reason, error);
}

/** As `unavailable`, with a cause that names no host and holds no credential. */
function unavailableBy(reason: string, cause: Error): RelaylogError {
  return unavailable(reason, kindOf(cause));
}

/**
 * Which documents of an unordered bulk insert were there before, by their index.
 *
 * @throws the error itself where anything else went wrong too.
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

/** Whether the same command may succeed when it is sent again at once: a connection was lost, or the server hands over. */
export function mayPass(error: unknown): boolean {
  // What was waited for in vain is not waited for again.
  const inVain =
    error instanceof MongoSystemError ||
    error instanceof MongoNetworkTimeoutError ||
    (error instanceof Error && /WaitQueue/.test(error.name));
  return error instanceof MongoError && isAway(error) && !inVain;
}

/** No server, or one that is about to hand over: the driver has retried once already. */
function isAway(error: MongoError): boolean {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoSystemError ||
    // A bulk write wraps what the network did, and is then an error without a code.
    (error instanceof MongoBulkWriteError && error.code === undefined) ||
    // The connection was closed under the call, or none was free in time.
    (error instanceof MongoDriverError && /Closed|NotConnected|Expired|WaitQueue/.test(error.name)) ||
    error.hasErrorLabel(MongoErrorLabel.RetryableWriteError) ||
    error.hasErrorLabel(MongoErrorLabel.RetryableError) ||
    error.hasErrorLabel(MongoErrorLabel.PoolRequestedRetry) ||
    NOT_PRIMARY.includes(Number(error.code))
  );
}

/** Where the connection failed for the server's certificate; OpenSSL's and Node's codes say why. */
function untrusted(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  if (/^(?:ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code)) {
    return `the certificate of the database is not accepted (${code})`;
  }
  return error.cause instanceof Error ? untrusted(error.cause) : undefined;
}

/** Stepping down, recovering, shutting down, pool cleared (the specification "Server Discovery and Monitoring"). */
const NOT_PRIMARY = [91, 189, 10058, 10107, 11600, 11602, 13435, 13436];

function isMissingIndex(error: MongoError): boolean {
  return error.code === 2 && /hint.*existing index/.test(error.message);
}

/** What kind of error it was: its name, its code and, of the network's, how that is called. */
function kindOf(error: Error): Error {
  const [network] = /\bE[A-Z_]{4,}\b/.exec(error.message) ?? [];
  return renamed(error, network ?? 'see the log of the database');
}

/** An error that nothing is known of, without hosts. */
function unnamed(error: Error): Error {
  return renamed(error, error.message.replace(URLS, '…').replace(ADDRESSES, '…'));
}
const URLS = /mongodb(\+srv)?:\/\/\S+/g;
const ADDRESSES = /(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}\b|\b\d{1,3}(\.\d{1,3}){3}\b/g;

function renamed(error: Error, message: string): Error {
  const code = 'code' in error ? { code: error.code } : {};
  return Object.assign(new Error(message), { name: error.name, ...code });
}
