#!/usr/bin/env node
import '../lib/compile-cache.js';

await import('./program.ts');
