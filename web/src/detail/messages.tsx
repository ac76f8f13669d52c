import { graphql, useFragment } from 'react-relay/hooks';
import type { messages_log$key } from '../__generated__/messages_log.graphql';
import { Body } from './body.tsx';
import { Headers } from './headers.tsx';
import { Locked } from './locked.tsx';

/** The request and the response as they were recorded. */
export function Messages({
  log: key,
  isLocked,
}: {
  readonly log: messages_log$key;
  readonly isLocked: boolean;
}) {
  const log = useFragment(
    graphql`
      fragment messages_log on RequestLog @argumentDefinitions(sensitive: { type: "Boolean!" }) {
        requestHeaders @include(if: $sensitive)
        requestBody @include(if: $sensitive)
        responseHeaders @include(if: $sensitive)
        responseBody @include(if: $sensitive)
      }
    `,
    key,
  );
  const messages = [
    ['Request', log.requestHeaders, log.requestBody],
    ['Response', log.responseHeaders, log.responseBody],
  ] as const;
  return messages.map(([name, headers, body]) => (
    <section key={name} className="detail-section" aria-label={`${name} as recorded`}>
      <h3>{name} headers</h3>
      {isLocked ? <Locked /> : <Headers name={name} headers={headers} />}
      {isLocked ? (
        <>
          <h3>{name} body</h3>
          <Locked />
        </>
      ) : (
        <Body name={name} body={body} />
      )}
    </section>
  ));
}
