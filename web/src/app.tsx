import './shell/theme.ts';
import { useEffect, useMemo, useState } from 'react';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { rejectCredential, takeLinkKey, useCredential } from './access/credentials.ts';
import { createEnvironment } from './relay/environment.ts';
import { Explorer } from './shell/explorer.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { PanelBoundary } from './ui/panel-boundary.tsx';

const linkKey = takeLinkKey();

/** The sign-in form, or the explorer of the organization that is signed in. */
export function App() {
  const token = useCredential()?.token;
  const [keyOfLink, setKeyOfLink] = useState(linkKey);
  const environment = useMemo(
    () => (token === undefined ? null : createEnvironment(token, () => rejectCredential(token))),
    [token],
  );
  useEffect(() => {
    // A sign-in link that is opened in this tab changes the fragment only, so the page is not loaded again.
    const takeKey = () => {
      const key = takeLinkKey();
      if (key !== null) setKeyOfLink(key);
    };
    addEventListener('hashchange', takeKey);
    return () => removeEventListener('hashchange', takeKey);
  }, []);
  if (keyOfLink !== null || environment === null) {
    return <SignIn key={keyOfLink} linkKey={keyOfLink} onDone={() => setKeyOfLink(null)} />;
  }
  return (
    <RelayEnvironmentProvider environment={environment} key={token}>
      <PanelBoundary name="The page" resetKey={null} fallback={null}>
        <Explorer />
      </PanelBoundary>
    </RelayEnvironmentProvider>
  );
}
