import './sign-in.css';
import { type FormEvent, useEffect, useEffectEvent, useState } from 'react';
import { Logo } from '../ui/logo.tsx';
import { checkCredential } from './check-credential.ts';
import { signIn } from './credentials.ts';

/**
 * Asks for an API key or a token.
 *
 * @param linkKey the key of a sign-in link, which is checked at once. Null: none.
 * @param onDone called after the key was accepted, or if the user cancels.
 * @param isAdditional whether another organization is signed in already, to which the user can go back.
 */
export function SignIn({
  linkKey,
  onDone,
  isAdditional = false,
}: {
  readonly linkKey: string | null;
  readonly onDone: () => void;
  readonly isAdditional?: boolean;
}) {
  const [isChecking, setChecking] = useState(linkKey !== null);
  const [problem, setProblem] = useState('');

  const enter = async (token: string) => {
    setChecking(true);
    setProblem('');
    const checked = await checkCredential(token);
    if ('problem' in checked) {
      setChecking(false);
      setProblem(checked.problem);
      return;
    }
    signIn({ token, organizationId: checked.organizationId });
    onDone();
  };
  const enterByLink = useEffectEvent(() => {
    if (linkKey !== null) void enter(linkKey);
  });
  useEffect(() => enterByLink(), []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void enter(String(new FormData(event.currentTarget).get('key')).trim());
  };
  return (
    <main className="sign-in">
      <form className="panel" onSubmit={submit}>
        <h1>
          <Logo /> Relaylog
        </h1>
        <p className="lead">Find a request in the logs of your API.</p>
        <label htmlFor="key">API key or JSON Web Token</label>
        <input
          id="key"
          name="key"
          type="password"
          className="input mono"
          required
          autoComplete="off"
          placeholder="rlk_…"
        />
        <button type="submit" className="button primary" disabled={isChecking}>
          {isChecking ? 'Checking the key …' : 'Sign in'}
        </button>
        {isAdditional && (
          <button type="button" className="button" onClick={onDone}>
            Cancel
          </button>
        )}
        <output>{problem}</output>
        <div className="how">
          <p>The key stays in this tab. An operator creates one with:</p>
          <code>npx relaylog keys create --org ID --scopes logs:read</code>
        </div>
      </form>
    </main>
  );
}
