import { createServer } from 'node:http';
import { openGateway } from 'relaylog';

// Relaylog beside your own routes, in a server of node:http. The configuration is that of the environment.
const gateway = await openGateway(process.env);

const server = createServer((request, response) => {
  if (request.url === '/hello') response.end('Hello from my own route\n');
  else gateway.listener(request, response);
});
server.listen(gateway.config.PORT, gateway.config.HOST, () => console.log('listening', server.address()));

process.once('SIGTERM', () => {
  gateway.endStreams();
  server.close(() => gateway.close());
});
