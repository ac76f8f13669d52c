import { writeFileSync } from 'node:fs';
import { Command } from 'commander';

/** `relaylog schema` */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the GraphQL schema')
    .option('--write <file>', 'write the schema to a file instead')
    .action(async ({ write }: { write?: string }) => {
      const { printedSchema } = await import('../graphql/schema.ts');
      if (write === undefined) process.stdout.write(printedSchema());
      else writeFileSync(write, printedSchema());
    });
}
