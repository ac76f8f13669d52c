import { Environment, Network, Observable, RecordSource, Store } from 'relay-runtime';
import { SignedOutError, send } from './send.ts';
import { recordShown } from './shown-operations.ts';

/** How many operations stay in the cache after no component shows them: enough to go back without a request. */
const GC_RELEASE_BUFFER_SIZE = 20;

/**
 * The Relay environment of one credential. Each credential has its own, so that no answer of one organization can show up in
 * another one's.
 *
 * @param token an API key or a JSON Web Token.
 * @param onRejected called if the server does not accept the token any more.
 */
export function createEnvironment(token: string, onRejected: () => void): Environment {
  const environment = new Environment({
    network: Network.create((operation, variables) =>
      Observable.create((sink) => {
        const controller = new AbortController();
        send(operation, variables, token, controller.signal).then(
          (answer) => {
            sink.next(answer);
            sink.complete();
          },
          (error) => {
            if (error instanceof SignedOutError) onRejected();
            else if (!controller.signal.aborted) sink.error(error);
          },
        );
        // The server stops a search whose client has gone.
        return () => controller.abort();
      }),
    ),
    relayFieldLogger: (event) => {
      // Else Relay throws an error of its own, without the server's message.
      if (event.kind === 'relay_field_payload.error' && event.shouldThrow && !event.handled)
        throw new Error(event.error.message);
    },
    store: new Store(new RecordSource(), { gcReleaseBufferSize: GC_RELEASE_BUFFER_SIZE }),
  });
  recordShown(environment);
  return environment;
}
