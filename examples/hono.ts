import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { openGateway } from 'relaylog';

// Relaylog in a Hono app: it answers every request that no earlier route takes. The configuration is that of the environment.
const gateway = await openGateway(process.env);

const app = new Hono();
app.get('/hello', (c) => c.text('Hello from my own route\n'));
app.mount('/', gateway.fetch);

const { PORT: port, HOST: hostname } = gateway.config;
const server = serve({ fetch: app.fetch, port, hostname }, (address) => console.log('listening', address));

process.once('SIGTERM', () => {
  gateway.endStreams();
  server.close(() => gateway.close());
});
