import { useEffect, useMemo, useState } from 'react';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { rejectCredential, signOutReason } from './access/credentials.ts';
import { useCredential } from './access/use-credential.ts';
import { createEnvironment } from './relay/environment.ts';
import { Explorer } from './shell/explorer.tsx';
import { enter } from './sign-in/enter.ts';
import { takeLink } from './sign-in/link.ts';
import { lazyPart } from './ui/lazy-part.ts';
import { PanelBoundary } from './ui/panel-boundary.tsx';

const SignIn = lazyPart(async () => ({ default: (await import('./sign-in/sign-in.tsx')).SignIn }));

/**
 * The sign-in form, or the explorer of the organization that is signed in.
 *
 * @param firstProblem why the server did not accept the key of the link that the page was opened with. Null: it did, or there was none.
 */
export function App({ firstProblem }: { readonly firstProblem: string | null }) {
  const token = useCredential()?.token;
  const [problem, setProblem] = useState(firstProblem);
  const environment = useMemo(
    () => (token === undefined ? null : createEnvironment(token, () => rejectCredential(token))),
    [token],
  );
  useEffect(() => {
    let newest = 0;
    // A sign-in link that is opened in this tab changes the fragment only, so the page is not loaded again.
    const openLink = async () => {
      const link = takeLink();
      if (link === null) return;
      const number = ++newest;
      const checked = await link;
      if (number === newest) setProblem(enter(checked));
    };
    addEventListener('hashchange', openLink);
    return () => {
      newest = -1;
      removeEventListener('hashchange', openLink);
    };
  }, []);
  return (
    <PanelBoundary name="The page" resetKey={null} fallback={null}>
      {problem !== null || environment === null ? (
        <SignIn key={problem} problem={problem ?? signOutReason()} onDone={() => setProblem(null)} />
      ) : (
        <RelayEnvironmentProvider environment={environment} key={token}>
          <Explorer />
        </RelayEnvironmentProvider>
      )}
    </PanelBoundary>
  );
}
