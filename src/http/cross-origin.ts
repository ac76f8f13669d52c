import { cors } from 'hono/cors';

/** Headers of our answers that a script of an allowed origin may read. */
const SHOWN = [
  'X-Request-Id',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];
const PREFLIGHT_SECONDS = 600;

/**
 * Lets scripts of these origins ask from a browser (fetch.spec.whatwg.org/#http-cors-protocol); `*` is every origin, and
 * with none of them a browser lets nobody. Cookies are never taken, so that a page can use no key but its own.
 */
export function crossOrigin(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-API-Key'],
    exposeHeaders: SHOWN,
    maxAge: PREFLIGHT_SECONDS,
  });
}
