import { BODY_LIMIT } from '../log/redact/body-options.ts';
import type { Json } from '../log/request-log.ts';

/*
 * What the API of the demo logs answers with. A resource is a function of its number, so it is the same in every request.
 */

const PEOPLE = ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Niklaus Wirth'];
const ROLES = ['owner', 'editor', 'viewer'];
const MARKS = ['RELAYFOX', 'NORTHWIND', 'ACME', 'LOGBERRY', 'HALYARD', 'QUAYSIDE', 'TIDEMARK'];
const OFFICES = ['EUIPO', 'USPTO', 'WIPO', 'DPMA'];
const STATES = ['registered', 'registered', 'pending', 'opposed', 'expired'];
const EVENTS = ['participant.signed_in', 'trademark.watched', 'payment.received'];

function participant(number: number): Record<string, Json> {
  const name = PEOPLE[number % PEOPLE.length]!;
  return {
    id: `p_${number}`,
    object: 'participant',
    name,
    email: `${name.toLowerCase().replace(' ', '.')}+${number}@example.com`,
    role: ROLES[number % ROLES.length]!,
  };
}

function trademark(number: number): Record<string, Json> {
  return {
    id: `tm_${number}`,
    object: 'trademark',
    mark: MARKS[number % MARKS.length]!,
    office: OFFICES[number % OFFICES.length]!,
    classes: [1 + (number % 45), 1 + ((number * 7) % 45)],
    status: STATES[number % STATES.length]!,
  };
}

/** What is different from one body of a route to the next. */
export interface BodySubject {
  /** Number of the resource that the request is about. */
  readonly resource: number;
  /** Name in the body of a write. */
  readonly name: string;
}

interface RouteBodies {
  readonly request?: (subject: BodySubject) => Json;
  readonly response: (subject: BodySubject) => Json;
}

/** The bodies of requests that succeed, by `METHOD /pattern`. Secrets are redacted, as ingest stores them. */
export const BODIES: Readonly<Record<string, RouteBodies>> = {
  'GET /v1/participants': {
    response: ({ resource }) => list(participant, resource, resource % 100 === 0 ? 100 : 1 + (resource % 3)),
  },
  'POST /v1/participants': {
    request: ({ name }) => ({ name, email: `${name.toLowerCase()}@example.com`, password: '[REDACTED]' }),
    response: ({ resource, name }) => ({
      ...participant(resource),
      name,
      email: `${name.toLowerCase()}@example.com`,
    }),
  },
  'GET /v1/participants/{id}': { response: ({ resource }) => participant(resource) },
  'PATCH /v1/participants/{id}': {
    request: ({ name }) => ({ name }),
    response: ({ resource, name }) => ({ ...participant(resource), name }),
  },
  'DELETE /v1/participants/{id}': {
    response: ({ resource }) => ({ id: `p_${resource}`, object: 'participant', deleted: true }),
  },
  'GET /v1/trademarks': { response: ({ resource }) => list(trademark, resource, 1 + (resource % 3)) },
  'GET /v1/trademarks/{id}': { response: ({ resource }) => trademark(resource) },
  'POST /v1/events': {
    request: ({ resource }) => event(resource),
    response: ({ resource }) => ({ id: `evt_${resource}`, object: 'event', received: true }),
  },
  'GET /v1/reports/{id}/export': {
    response: ({ resource }) => (resource % 24 === 0 ? jsonExport() : csvExport(resource)),
  },
};

/** The first page of a search for everything. */
export const ALL_TRADEMARKS: Json = list(trademark, 1, 100, 1_204_331);

function list(of: (number: number) => Json, first: number, length: number, total = length): Json {
  const data = Array.from({ length }, (_, i) => of(first + i));
  return { object: 'list', total, has_more: total > length, data };
}

function event(resource: number): Json {
  const type = EVENTS[resource % EVENTS.length]!;
  const card = { brand: 'visa', number: '[REDACTED]', expires: '12/30' };
  return {
    type,
    participant: `p_${resource}`,
    ...(type === 'payment.received' && { amount: 100 * (1 + (resource % 90)), currency: 'EUR', card }),
  };
}

/** What is stored of a body in a form that ingest does not understand. */
interface Omitted {
  readonly [name: string]: Json;
  readonly omitted: true;
  readonly contentType: string;
}

export function isOmitted(body: Json): body is Json & Omitted {
  return body !== null && typeof body === 'object' && 'omitted' in body;
}

function csvExport(resource: number): Json {
  return {
    omitted: true,
    reason: 'the body is in an unknown form',
    contentType: 'text/csv; charset=utf-8',
    originalBytes: 20_000 + resource * 37,
  };
}

/** What is stored of a body above the size limit. */
function jsonExport(): Json {
  const text = JSON.stringify(list(trademark, 1, 900));
  return { truncated: true, originalBytes: text.length, beginning: text.slice(0, BODY_LIMIT) };
}

/** Size of a body in bytes, before it was truncated or omitted. */
export function originalBytes(body: Json): number | null {
  if (body === null) return null;
  if (typeof body === 'object' && !Array.isArray(body) && typeof body.originalBytes === 'number') {
    return body.originalBytes;
  }
  return Buffer.byteLength(typeof body === 'string' ? body : JSON.stringify(body));
}
