import {
  Environment,
  getRequestIdentifier,
  type IEnvironment,
  Network,
  Observable,
  RecordSource,
  Store,
} from 'relay-runtime';
import { CurrentReads, type Shown } from './current-reads.ts';
import { SignedOutError, send } from './send.ts';
import { recordShown } from './shown-operations.ts';

/** How many operations stay in the cache after no component shows them: enough to go back without a request. */
const GC_RELEASE_BUFFER_SIZE = 20;

const readsOf = new WeakMap<IEnvironment, CurrentReads>();

/** Says what the page shows, so that requests which were only needed before are aborted. See `CurrentReads`. */
export function setShown(environment: IEnvironment, shown: Shown | null): void {
  readsOf.get(environment)?.setShown(shown);
}

/** Says which question the component shows that is being rendered and reads a query next. See `CurrentReads`. */
export function setReader(environment: IEnvironment, question: unknown): void {
  const reads = readsOf.get(environment);
  if (reads !== undefined) reads.reader = question;
}

/**
 * The Relay environment of one credential. Each credential has its own, so that no answer of one organization can show up in
 * another one's.
 *
 * @param token an API key or a JSON Web Token.
 * @param onRejected called if the server does not accept the token any more.
 */
export function createEnvironment(token: string, onRejected: () => void): Environment {
  const reads = new CurrentReads();
  const environment = new Environment({
    network: Network.create((operation, variables) =>
      Observable.create((sink) => {
        const controller = new AbortController();
        const sending = reads.whileWanted(getRequestIdentifier(operation, variables), (wanted) =>
          send(operation, variables, token, AbortSignal.any([controller.signal, wanted])),
        );
        sending.then(
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
    log(event) {
      const requests =
        event.name === 'suspense.query'
          ? [event.operation.request]
          : event.name === 'pendingoperation.found'
            ? event.pendingOperations
            : [];
      for (const { node, variables } of requests) {
        // An operation without a filter does not depend on what is shown.
        if ('filter' in variables) reads.record(getRequestIdentifier(node.params, variables));
      }
    },
    relayFieldLogger: (event) => {
      // Else Relay throws an error of its own, without the server's message.
      if (event.kind === 'relay_field_payload.error' && event.shouldThrow && !event.handled)
        throw new Error(event.error.message);
    },
    store: new Store(new RecordSource(), { gcReleaseBufferSize: GC_RELEASE_BUFFER_SIZE }),
  });
  recordShown(environment);
  readsOf.set(environment, reads);
  return environment;
}
