import { requirePermit } from './admit.ts';
import type { PublicEndpoint } from './endpoint.ts';
import { ASSETS } from './static-assets.ts';

export const ASSETS_ENDPOINT: PublicEndpoint = {
  protocol: null,
  api: 'graphiql',
  methods: ['GET'],
  path: `${ASSETS}/{file}`,
  description: 'Scripts and styles of pages, with a hash in the name',
  open:
    ({ assets }) =>
    async (request) => {
      requirePermit();
      return assets.respond(request);
    },
};
