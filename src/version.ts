import packageJson from '../package.json' with { type: 'json' };

/** Of this Relaylog, as its package says. */
export const VERSION: string = packageJson.version;
