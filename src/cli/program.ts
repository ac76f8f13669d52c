import { Command } from 'commander';
import { copyCommand } from './copy.ts';
import { doctorCommand } from './doctor.ts';
import { fail } from './fail.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { orgsCommand } from './orgs.ts';
import { purgeCommand } from './purge.ts';
import { schemaCommand } from './schema.ts';

const program = new Command('relaylog')
  .description('A GraphQL gateway over API request logs. Settings come from the environment; see the README.')
  .showHelpAfterError('(relaylog --help lists the commands)');

program
  .command('serve')
  .description('serve GraphQL, the REST shims and ingest until SIGINT or SIGTERM')
  .action(async () => (await import('./serve.ts')).serve(process.env));
program.addCommand(importCommand());
program.addCommand(orgsCommand());
program.addCommand(keysCommand());
program.addCommand(purgeCommand());
program.addCommand(copyCommand());
program.addCommand(doctorCommand());
program.addCommand(schemaCommand());

// A reader that closed its end (`relaylog … | head`) wants no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync().catch(fail);
