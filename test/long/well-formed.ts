import { expect } from 'vitest';
import { isErrorCode } from '../../src/log/errors.ts';

export type Api = 'graphql' | 'scrip' | 'signa' | 'ingest';

/** A response that takes longer than this counts as a hang, even on a busy machine. */
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

/** Waits for a response and checks that it is no 5xx, did not hang, contains no stack trace, and has the shape of its API. */
export async function wellFormed(api: Api, requested: Promise<Response>): Promise<Answer> {
  const response = await withTimeout(requested);
  const content = await response.text();
  expect(content).not.toMatch(STACK);
  expect(response.status, content).toBeLessThan(500);
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const body: unknown = JSON.parse(content);
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
    expect(fits, content).toBe(true);
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

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`No response within ${HANG_MS} ms`)), HANG_MS);
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
