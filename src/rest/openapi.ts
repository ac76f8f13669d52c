import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { jsonAnswer } from '../http/authenticated-call.ts';
import { apiOf, type Endpoint } from '../http/endpoint.ts';
import type { IngestLimits } from '../ingest/ingest-batch.ts';
import { ingestSettings } from '../ingest/settings.ts';

/** The APIs of the document, by their name in the table of endpoints. */
const TAGS: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'scrip', description: 'Request logs, compatible with the API of Scrip' },
  { name: 'signa', description: 'Request logs, compatible with the API of Signa' },
  { name: 'ingest', description: 'Stores request logs' },
];

/** Builds the OpenAPI 3.1 document of all endpoints that declare `openApi`, from the schemas that also validate requests. */
function openApiDocument(endpoints: readonly Endpoint[], limits: IngestLimits) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  for (const endpoint of endpoints) {
    const { methods, path, description, openApi } = endpoint;
    if (openApi === undefined || methods === 'ALL') continue;
    for (const method of methods) {
      const httpMethod = method.toLowerCase() as RouteConfig['method'];
      registry.registerPath({
        method: httpMethod,
        path,
        summary: description,
        tags: [apiOf(endpoint)],
        ...openApi(limits),
      });
    }
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Relaylog',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'API request logs over REST: endpoints compatible with two vendors, and an ingest endpoint.',
    },
    servers: [{ url: '/', description: 'The server that serves this document' }],
    tags: [...TAGS],
  });
}

export const OPENAPI_ENDPOINT: Endpoint = {
  protocol: null,
  api: 'other',
  methods: ['GET'],
  path: '/openapi.json',
  description: 'OpenAPI 3.1 document of the REST endpoints',
  open: ({ endpoints, config }) => {
    let document: object | undefined;
    return async () => {
      document ??= openApiDocument(endpoints, ingestSettings(config).limits);
      return jsonAnswer(document);
    };
  },
};
