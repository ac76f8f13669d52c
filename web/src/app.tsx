import { useMemo, useState, useSyncExternalStore } from 'react';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { currentCredential, onCredentialsChange, takeLinkKey } from './access/credentials.ts';
import { SignIn } from './access/sign-in.tsx';
import { createEnvironment } from './relay/environment.ts';
import { Explorer } from './shell/explorer.tsx';
import { QuestionProvider } from './state/question.tsx';

const linkKey = takeLinkKey();

/** The sign-in form, or the explorer of the organization that is signed in. */
export function App() {
  const credential = useSyncExternalStore(onCredentialsChange, currentCredential);
  const [keyOfLink, setKeyOfLink] = useState(linkKey);
  const environment = useMemo(
    () => (credential === undefined ? null : createEnvironment(credential.token)),
    [credential],
  );
  if (keyOfLink !== null || environment === null) {
    return <SignIn key={keyOfLink} linkKey={keyOfLink} onDone={() => setKeyOfLink(null)} />;
  }
  return (
    <RelayEnvironmentProvider environment={environment} key={credential!.token}>
      <QuestionProvider>
        <Explorer />
      </QuestionProvider>
    </RelayEnvironmentProvider>
  );
}
