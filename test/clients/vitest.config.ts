import { createRequire } from 'node:module';
import { join } from 'node:path';
import base from '../../vitest.config.ts';

const CLIENTS = join(import.meta.dirname, 'graphql');

/** Replaces the queries in `relay.ts` by what Relay's compiler made of them, as Relay's plugin for Babel does in an app. */
const relayQueries = {
  name: 'relay-queries',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (id !== join(CLIENTS, 'relay.ts')) return undefined;
    const require = createRequire(join(CLIENTS, 'package.json'));
    const options = { eagerEsModules: true, artifactDirectory: join(CLIENTS, '__generated__') };
    return require('@babel/core').transformSync(code, {
      filename: id,
      babelrc: false,
      configFile: false,
      parserOpts: { plugins: ['typescript'] },
      plugins: [[require.resolve('babel-plugin-relay'), options]],
    });
  },
};

export default {
  ...base,
  plugins: [relayQueries],
  test: { ...base.test, include: ['test/clients/*.test.ts'], exclude: [], testTimeout: 300_000 },
};
