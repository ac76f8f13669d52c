'use strict';

/* Finds a version of Node that can run Relaylog. Plain JavaScript of 2015, because old versions of Node run it. */
const childProcess = require('child_process');
const fs = require('fs');
const path = require('path');
const manifest = require('../package.json');

/** The oldest supported major version of Node. */
const OLDEST = parseInt(manifest.engines.node.replace('>=', ''), 10);
/** Where `install-node.cjs` installs a Node for a machine whose own is too old. */
const FOLDER = path.join(__dirname, '../bundled-node');

/** @param {string} version such as 24.1.0. */
function isSupported(version) {
  return parseInt(version, 10) >= OLDEST;
}

/** The executable of the package `node`, bundled or installed beside Relaylog; null if there is none that is new enough. */
function bundledNode() {
  const folders = [FOLDER, __dirname];
  for (let i = 0; i < folders.length; i++) {
    const file = packageNode(folders[i]);
    if (file !== null) return file;
  }
  return null;
}

/** Looks for the package `node` as `require` would from a folder. */
function packageNode(folder) {
  const found = path.join(folder, 'node_modules/node');
  const file = path.join(found, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(file) && isSupported(require(path.join(found, 'package.json')).version)) return file;
  const parent = path.dirname(folder);
  return parent === folder ? null : packageNode(parent);
}

/** Runs a command in the place of this process: same input and output, signals are passed on, and it exits as the command does. */
function replaceProcess(file, args) {
  const child = childProcess.spawn(file, args, { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });
  child.on('error', (error) => {
    console.error(`relaylog: ${file} does not run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Makes glibc return freed memory to the system. By default it keeps that of large request bodies for the next ones. It reads its
 * settings only when a program starts, so the process starts this program again, which takes 20 ms. A process goes on as it is
 * if its environment has the setting, if it would lose its IPC channel or an open file that a variable names, or if it may not
 * start a program.
 */
function returnFreedMemory() {
  const values = Object.keys(process.env).map((name) => process.env[name]);
  const needsOpenFiles = values.some((value) => /^\/(dev|proc\/self)\/fd\//.test(value));
  const isSet = process.env.MALLOC_TRIM_THRESHOLD_ !== undefined;
  if (isSet || needsOpenFiles || process.platform !== 'linux' || process.send !== undefined) return;
  const env = Object.assign({}, process.env, { MALLOC_TRIM_THRESHOLD_: '131072' });
  try {
    process.execve(process.execPath, [process.execPath].concat(process.execArgv, process.argv.slice(1)), env);
  } catch (_error) {
    // Without it, the server only needs more memory.
  }
}

module.exports = { OLDEST, FOLDER, isSupported, bundledNode, replaceProcess, returnFreedMemory };
