'use strict';

/*
 * Runs after the package was installed. If the machine's Node is too old, installs a newer one inside of this package, for this
 * command alone; otherwise it does nothing. If that fails, the command says what it needs.
 */
const childProcess = require('child_process');
const fs = require('fs');
const path = require('path');
const runtime = require('./runtime.cjs');

if (!runtime.isSupported(process.versions.node) && runtime.bundledNode() === null) {
  const node = require('../package.json').devDependencies.node;
  if (!fs.existsSync(runtime.FOLDER)) fs.mkdirSync(runtime.FOLDER);
  fs.writeFileSync(
    path.join(runtime.FOLDER, 'package.json'),
    JSON.stringify({ private: true, dependencies: { node: node } })
  );
  childProcess.spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: runtime.FOLDER,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // The options of the outer npm, such as `--global`, are not meant for this one.
    env: Object.assign({}, process.env, { npm_config_global: 'false', npm_config_location: 'project' }),
  });
}
