import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { fail } from './fail.ts';
import type { ServeOptions } from './serve.ts';

const program = new Command('relaylog')
  .description(
    'A GraphQL gateway over API request logs. It is configured with environment variables; see the README.',
  )
  .version(VERSION, '--version', 'print the version');

/** The commands in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () =>
    new Command('serve')
      .description('run the server until SIGINT or SIGTERM')
      .option('--demo', 'create demo logs in an empty store, and a key for them that expires after 24 hours')
      .action(async (options: ServeOptions) => (await import('./serve.ts')).serve(process.env, options)),
  ready: async () => (await import('./ready.ts')).readyCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  orgs: async () => (await import('./orgs.ts')).orgsCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  purge: async () => (await import('./purge.ts')).purgeCommand(),
  erase: async () => (await import('./erase.ts')).eraseCommand(),
  compact: async () => (await import('./erase.ts')).compactCommand(),
  copy: async () => (await import('./copy.ts')).copyCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  stats: async () => (await import('./stats.ts')).statsCommand(),
  schema: async () => (await import('./schema.ts')).schemaCommand(),
};

// Loads only the command that is run; all of them for the help, and to reject an unknown one.
const [name = ''] = process.argv.slice(2);
const needed = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
for (const one of needed) program.addCommand(await COMMANDS[one]!());

program.showHelpAfterError('(run relaylog --help for a list of commands)');
for (const command of program.commands) nameHelp(command, `relaylog ${command.name()}`);

/** Lets an error of a command, and of those below it, name the help that says what is accepted. */
function nameHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(run ${path} --help for what it accepts)`);
  for (const child of command.commands) nameHelp(child, `${path} ${child.name()}`);
}

// EPIPE is not an error: the reader of a pipe may stop early (`relaylog … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync().catch(fail);
