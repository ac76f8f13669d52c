import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { copyCommand } from './copy.ts';
import { doctorCommand } from './doctor.ts';
import { compactCommand, eraseCommand } from './erase.ts';
import { fail } from './fail.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { orgsCommand } from './orgs.ts';
import { purgeCommand } from './purge.ts';
import { readyCommand } from './ready.ts';
import { schemaCommand } from './schema.ts';
import type { ServeOptions } from './serve.ts';
import { statsCommand } from './stats.ts';

const program = new Command('relaylog')
  .description(
    'A GraphQL gateway over API request logs. It is configured with environment variables; see the README.',
  )
  .version(VERSION, '--version', 'print the version')
  .showHelpAfterError('(run relaylog --help for a list of commands)');

program
  .command('serve')
  .description('run the server until SIGINT or SIGTERM')
  .option('--demo', 'create demo logs in an empty store, and a key for them that expires after 24 hours')
  .action(async (options: ServeOptions) => (await import('./serve.ts')).serve(process.env, options));
program.addCommand(readyCommand());
program.addCommand(importCommand());
program.addCommand(orgsCommand());
program.addCommand(keysCommand());
program.addCommand(purgeCommand());
program.addCommand(eraseCommand());
program.addCommand(compactCommand());
program.addCommand(copyCommand());
program.addCommand(doctorCommand());
program.addCommand(statsCommand());
program.addCommand(schemaCommand());

// EPIPE is not an error: the reader of a pipe may stop early (`relaylog … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync().catch(fail);
