import { cors } from 'hono/cors';

/** Response headers that scripts from allowed origins can read. */
const EXPOSED_HEADERS = [
  'X-Request-Id',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Ignored-Parameters',
];
const PREFLIGHT_SECONDS = 600;

/**
 * CORS middleware (fetch.spec.whatwg.org/#http-cors-protocol) that allows these origins. `*` allows every origin; an empty
 * list allows none. Credentials mode is never allowed: a page must send its own API key, and cookies are not used.
 */
export function crossOrigin(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-API-Key'],
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
}
