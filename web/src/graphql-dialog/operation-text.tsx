import type { ShownOperation } from '../relay/shown-operations.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { CodeText } from './code-text.tsx';
import { curlCommand } from './curl-command.ts';
import { graphiqlLink } from './graphiql-link.ts';

/** An operation, its variables, and the ways to run it elsewhere. */
export function OperationText({ operation: { text, variables } }: { readonly operation: ShownOperation }) {
  const query = text.trim();
  const command = curlCommand(new URL('/graphql', location.href).href, query, variables);
  const link = graphiqlLink(query, variables);
  return (
    <>
      <div className="operation-actions">
        <CopyButton text={() => query} label="Copy query" />
        <CopyButton text={() => command} label="Copy curl" />
        {link !== null && (
          // biome-ignore lint/security/noBlankTarget: only a tab that knows its opener gets a copy of the session storage, which has the key
          <a className="button" href={link} target="_blank" rel="opener">
            Open in GraphiQL
          </a>
        )}
      </div>
      <h3>Query</h3>
      <CodeText name="Query" text={query} />
      <h3>Variables</h3>
      <CodeText name="Variables" text={JSON.stringify(variables, null, 2)} />
      <h3>curl</h3>
      <p className="muted">
        Set the key in your shell first: <code>read -rs RELAYLOG_KEY</code>, paste it, and press Enter.
      </p>
      <CodeText name="curl command" text={command} isShort />
    </>
  );
}
