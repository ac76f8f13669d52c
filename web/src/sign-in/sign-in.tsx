import './sign-in.css';
import { useEffect } from 'react';
import { Logo } from '../ui/logo.tsx';
import { SignInForm } from './sign-in-form.tsx';

/**
 * What the page shows if nobody is signed in.
 *
 * @param linkKey the key of a sign-in link, which is checked at once. Null: none.
 * @param onDone called after the key was accepted.
 */
export function SignIn({
  linkKey,
  onDone,
}: {
  readonly linkKey: string | null;
  readonly onDone: () => void;
}) {
  useEffect(() => {
    document.title = 'Sign in · Relaylog';
  }, []);
  return (
    <main className="sign-in">
      <div className="panel">
        <h1>
          <Logo /> Relaylog
        </h1>
        <p className="lead">Find a request in the logs of your API.</p>
        <SignInForm linkKey={linkKey} onDone={onDone} />
      </div>
    </main>
  );
}
