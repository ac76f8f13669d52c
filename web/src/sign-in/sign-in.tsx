import './sign-in.css';
import { useEffect } from 'react';
import { Logo } from '../ui/logo.tsx';
import { SignInForm } from './sign-in-form.tsx';

/**
 * What the page shows if nobody is signed in.
 *
 * @param problem why a key was not accepted before. Empty: nothing is wrong.
 * @param onDone called after a key was accepted, or if another organization is chosen.
 */
export function SignIn({ problem, onDone }: { readonly problem: string; readonly onDone: () => void }) {
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
        <SignInForm problem={problem} onDone={onDone} />
      </div>
    </main>
  );
}
