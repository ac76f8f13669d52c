import { graphql, useFragment } from 'react-relay/hooks';
import type { curlButton_log$key } from '../__generated__/curlButton_log.graphql';
import { CopyButton } from '../ui/copy-button.tsx';
import { curlCommand } from './curl-command.ts';

/** Copies a command that sends the request again. */
export function CurlButton({ log: key }: { readonly log: curlButton_log$key }) {
  const log = useFragment(
    graphql`
      fragment curlButton_log on RequestLog @argumentDefinitions(sensitive: { type: "Boolean!" }) {
        method
        host
        path
        requestHeaders @include(if: $sensitive)
        requestBody @include(if: $sensitive)
      }
    `,
    key,
  );
  return <CopyButton label="Copy as curl" text={() => curlCommand(log)} />;
}
