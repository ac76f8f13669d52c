import { startTransition, useEffect, useMemo, useState } from 'react';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { rejectCredential, signOutReason, useCredential } from './access/credentials.ts';
import { createEnvironment } from './relay/environment.ts';
import { Explorer } from './shell/explorer.tsx';
import { SignIn } from './sign-in/lazy-sign-in.ts';
import { type SignInLink, takeLink } from './sign-in/link.ts';
import { LinkSignIn } from './sign-in/link-sign-in.tsx';
import { PanelBoundary } from './ui/panel-boundary.tsx';

/**
 * The sign-in form, or the explorer of the organization that is signed in.
 *
 * @param firstLink the sign-in link that the page was opened with. Null: none.
 */
export function App({ firstLink }: { readonly firstLink: SignInLink | null }) {
  const token = useCredential()?.token;
  const [link, setLink] = useState(firstLink);
  const environment = useMemo(
    () => (token === undefined ? null : createEnvironment(token, () => rejectCredential(token))),
    [token],
  );
  useEffect(() => {
    // A sign-in link that is opened in this tab changes the fragment only, so the page is not loaded again.
    const openLink = () => {
      const opened = takeLink();
      if (opened !== null) setLink(opened);
    };
    addEventListener('hashchange', openLink);
    return () => removeEventListener('hashchange', openLink);
  }, []);
  const forgetLink = () => startTransition(() => setLink(null));
  return (
    <PanelBoundary name="The page" resetKey={null} fallback={null}>
      {link !== null ? (
        <LinkSignIn key={link.key} link={link} onDone={forgetLink} />
      ) : environment === null ? (
        <SignIn problem={signOutReason()} onDone={forgetLink} />
      ) : (
        <RelayEnvironmentProvider environment={environment} key={token}>
          <Explorer />
        </RelayEnvironmentProvider>
      )}
    </PanelBoundary>
  );
}
