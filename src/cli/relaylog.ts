import '../lib/compile-cache.js';

// Not awaited, because `bin/relaylog.cjs` loads this file with `require`, which accepts no module that waits.
void import('./program.ts');
