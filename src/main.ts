import './lib/compile-cache.js';

// The server keeps running if standard output is closed or full.
process.stdout.on('error', () => undefined);
const { serve } = await import('./cli/serve.ts');
await serve(process.env);
