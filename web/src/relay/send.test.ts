import { afterEach, expect, test, vi } from 'vitest';
import { SignedOutError, send } from './send.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const operation = { name: 'Test', text: 'query Test { viewer { id } }' };
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

function sendWith(fetched: (init: RequestInit) => Promise<Response>, signal = new AbortController().signal) {
  const stub = vi.fn((_url: string, init: RequestInit) => fetched(init));
  vi.stubGlobal('fetch', stub);
  return { stub, result: send(operation, { a: 1 }, 'secret', signal) };
}

test('the credential is sent in a header and nowhere else', async () => {
  const { stub, result } = sendWith(async () => answer({ data: {} }));
  expect(await result).toEqual({ data: {} });
  const [url, init] = stub.mock.calls[0]!;
  const { Authorization, ...headers } = init.headers as Record<string, string>;
  expect(Authorization).toBe('Bearer secret');
  expect(JSON.stringify([url, { ...init, headers }])).not.toContain('secret');
});

test('a request that is aborted while its answer arrives is not sent again', async () => {
  const controller = new AbortController();
  const { stub, result } = sendWith(async () => {
    const body = new ReadableStream({
      pull() {
        controller.abort();
        throw new DOMException('aborted', 'AbortError');
      },
    });
    return new Response(body);
  }, controller.signal);
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  expect(stub).toHaveBeenCalledOnce();
});

test.each([
  [401, { errors: [{ message: 'No.' }] }, SignedOutError],
  [200, { errors: [{ message: 'No.', path: ['viewer'] }], data: null }, Error],
])('a status %i with errors is an error with the message of the server', async (status, body, type) => {
  const { result } = sendWith(async () => answer(body, status));
  const error = await result.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(type);
  expect(error).toHaveProperty('message', 'No.');
});
