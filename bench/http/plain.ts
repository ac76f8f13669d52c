import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import { HAND_WRITTEN, ORGANIZATION, PAGE_ROWS, STORE_CALLS } from './question.ts';
import { benchStore } from './store.ts';

/* The lower bound: node:http, the same store call, JSON.stringify. No keys, limits, logs or metrics. */
const store = await benchStore();

async function answer(request: IncomingMessage, response: ServerResponse) {
  for await (const _ of request);
  const path = request.url!.split('?')[0]!;
  const { fields, filter } = STORE_CALLS[path]!;
  const logs = await store.find({
    scope: { organizationId: ORGANIZATION, visibleFrom: null },
    filter: filter(Date.now()),
    sort: 'createdAt',
    direction: 'desc',
    limit: PAGE_ROWS + 1,
    fields,
  });
  const written = HAND_WRITTEN[path]!;
  const body = JSON.stringify(written(logs.slice(0, PAGE_ROWS), logs.length > PAGE_ROWS));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

listen((request, response) => void answer(request, response));
