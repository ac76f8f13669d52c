import './lib/compile-cache.js';

// Standard output that was closed, or is full, is no reason to stop serving.
process.stdout.on('error', () => undefined);
const { serve } = await import('./cli/serve.ts');
await serve(process.env);
