import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import { handWrittenPage, ORGANIZATION, PAGE_ROWS } from './question.ts';
import { benchStore } from './store.ts';

/* The lower bound: node:http, one store call, JSON.stringify. No keys, limits, logs or metrics. */
const store = await benchStore();

async function page(request: IncomingMessage, response: ServerResponse) {
  for await (const _ of request);
  const logs = await store.find({
    scope: { organizationId: ORGANIZATION, visibleFrom: 0 },
    filter: { op: 'and', filters: [] },
    sort: 'createdAt',
    direction: 'desc',
    limit: PAGE_ROWS + 1,
  });
  const body = JSON.stringify(handWrittenPage(logs));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

listen((request, response) => void page(request, response));
