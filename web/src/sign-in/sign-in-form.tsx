import './sign-in.css';
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { checkCredential } from '../access/check-credential.ts';
import { allCredentials, currentCredential, signIn, signOutReason, switchTo } from '../access/credentials.ts';
import { navigate, searchWithoutLog } from '../state/navigate.ts';

/**
 * Asks for an API key or a token.
 *
 * @param linkKey the key of a sign-in link, which is checked at once. Null: none.
 * @param onDone called after the key was accepted, or if another organization is chosen.
 * @param isAdditional whether the page shows an organization already.
 */
export function SignInForm({
  linkKey,
  onDone,
  isAdditional = false,
}: {
  readonly linkKey: string | null;
  readonly onDone: () => void;
  readonly isAdditional?: boolean;
}) {
  const [isChecking, setChecking] = useState(linkKey !== null);
  const [problem, setProblem] = useState(signOutReason);

  /** Aborts the check of a key when the form is gone: another key may have been accepted since. */
  const check = useRef<AbortController>(null);

  const enter = async (token: string) => {
    const { signal } = check.current!;
    setChecking(true);
    setProblem('');
    const checked = await checkCredential(token, signal);
    if (signal.aborted) return;
    if ('problem' in checked) {
      setChecking(false);
      setProblem(checked.problem);
      return;
    }
    const shown = currentCredential();
    // The log that is open belongs to the organization that is shown.
    if (shown !== undefined && shown.organizationId !== checked.organizationId) {
      navigate(searchWithoutLog(), false);
    }
    signIn(checked);
    onDone();
  };
  const enterByLink = useEffectEvent(() => {
    if (linkKey !== null) void enter(linkKey);
  });
  useEffect(() => {
    check.current = new AbortController();
    enterByLink();
    return () => check.current!.abort();
  }, []);
  const input = useRef<HTMLInputElement>(null);
  // After a dialog has put the focus on its close button.
  useEffect(() => queueMicrotask(() => input.current?.focus()), []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void enter(String(new FormData(event.currentTarget).get('key')).trim());
  };
  const others = isAdditional ? [] : allCredentials();
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label htmlFor="key">API key or JSON Web Token</label>
      <input
        ref={input}
        id="key"
        name="key"
        type="password"
        className="input mono"
        required
        autoComplete="off"
        spellCheck={false}
        placeholder="rlk_…"
        aria-describedby="sign-in-problem"
        aria-invalid={problem !== ''}
      />
      <button type="submit" className="button primary" disabled={isChecking}>
        {isChecking ? 'Checking the key …' : 'Sign in'}
      </button>
      <output id="sign-in-problem">{problem}</output>
      {others.map(({ organizationId }) => (
        <button
          key={organizationId}
          type="button"
          className="button"
          onClick={() => {
            navigate(searchWithoutLog(), false);
            switchTo(organizationId);
            onDone();
          }}
        >
          Go on with {organizationId}
        </button>
      ))}
      <div className="how">
        <p>The key stays in this tab. An operator creates one with:</p>
        <code>
          npx relaylog keys create <span>--org ID</span> <span>--scopes logs:read</span>
        </code>
      </div>
    </form>
  );
}
