import type { IncomingMessage, ServerResponse } from 'node:http';
import { handWrittenAnswer } from './hand-written.ts';
import { listen } from './listen.ts';
import { benchStore } from './store.ts';

/* The lower bound: node:http, the same store call, JSON.stringify. No keys, limits, logs or metrics. */
const store = await benchStore();

async function answer(request: IncomingMessage, response: ServerResponse) {
  for await (const _ of request);
  const body = await handWrittenAnswer(store, request.url!.split('?')[0]!);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

listen((request, response) => void answer(request, response));
