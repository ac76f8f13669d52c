#!/usr/bin/env node
'use strict';

/*
 * The command `relaylog`. Plain JavaScript of 2015, so that an old version of Node can run it and either start a newer one or
 * say that it is too old. A clone runs its sources; the package contains only the built code.
 */
const fs = require('fs');
const path = require('path');
const runtime = require('./runtime.cjs');

const SOURCES = path.join(__dirname, '../src');
const isClone = fs.existsSync(SOURCES);
const code = isClone ? SOURCES : path.join(__dirname, '../dist');

if (runtime.isSupported(process.versions.node)) {
  if (process.argv[2] === 'serve') runtime.returnFreedMemory();
  // Loaded first, so that no thread needs the type stripper once all files are in the cache.
  require(path.join(code, 'lib/compile-cache.js'));
  require(path.join(code, 'cli', isClone ? 'relaylog.ts' : 'relaylog.js'));
} else {
  const node = runtime.bundledNode();
  if (node === null) {
    console.error(
      `relaylog: Relaylog needs Node ${runtime.OLDEST} or newer, and this is Node ${process.versions.node}. Install a newer Node, or run: npm install node@${runtime.OLDEST}`
    );
    process.exit(1);
  }
  runtime.replaceProcess(node, [__filename].concat(process.argv.slice(2)));
}
