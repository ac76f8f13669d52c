import { expect } from 'vitest';
import { isErrorCode } from '../../src/log/errors.ts';

export type Api = 'graphql' | 'scrip' | 'signa' | 'ingest';

/** What no answer may take, however busy the machine is. */
const HANG_MS = 20_000;
const STACK = /\n\s+at |node_modules|\.ts:\d|"stack"/;
const text = expect.any(String);

const ERROR_SHAPES: Readonly<Record<Exclude<Api, 'graphql'>, object[]>> = {
  scrip: [{ code: text, message: text }],
  signa: [
    {
      error: {
        type: text,
        title: text,
        status: expect.any(Number),
        detail: text,
        instance: text,
        suggestion: text,
        retryable: expect.any(Boolean),
        retry_after: null,
      },
      request_id: expect.stringMatching(/^req_/),
    },
  ],
  ingest: [
    { error: { code: expect.toSatisfy(isErrorCode), message: text } },
    {
      received: expect.any(Number),
      stored: 0,
      duplicates: 0,
      rejected: expect.arrayContaining([{ index: expect.any(Number), reason: text }]),
    },
  ],
};

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The answer, once it is certain that it is none of a server that broke: no 5xx, no hang, no stack, the API's own shape. */
export async function wellFormed(api: Api, requested: Promise<Response>): Promise<Answer> {
  const response = await inTime(requested);
  const answer = await response.text();
  expect(answer).not.toMatch(STACK);
  expect(response.status, answer).toBeLessThan(500);
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const body: unknown = JSON.parse(answer);
  if (api === 'graphql') expectGraphQL(body);
  else if (response.status >= 400) {
    const fits = ERROR_SHAPES[api].some((shape) => {
      try {
        expect(body).toEqual(shape);
        return true;
      } catch {
        return false;
      }
    });
    expect(fits, answer).toBe(true);
  }
  return { status: response.status, body };
}

function expectGraphQL(body: unknown): void {
  const { data, errors, ...more } = body as { data?: object; errors?: object[] };
  expect(more).toEqual({});
  expect(data !== undefined || errors !== undefined).toBe(true);
  for (const error of errors ?? []) {
    expect(error).toMatchObject({ message: text, extensions: { code: expect.toSatisfy(isErrorCode) } });
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${HANG_MS} ms`)), HANG_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
