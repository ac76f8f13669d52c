import './sign-in.css';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { checkCredential } from '../access/check-credential.ts';
import { allCredentials, switchTo } from '../access/credentials.ts';
import { navigate, searchWithoutLog } from '../state/navigate.ts';
import { enter } from './enter.ts';

/**
 * Asks for an API key or a token.
 *
 * @param problem why a key was not accepted before. Empty: nothing is wrong.
 * @param onDone called after the key was accepted, or if another organization is chosen.
 * @param isAdditional whether the page shows an organization already.
 */
export function SignInForm({
  problem: firstProblem,
  onDone,
  isAdditional = false,
}: {
  readonly problem: string;
  readonly onDone: () => void;
  readonly isAdditional?: boolean;
}) {
  const [isChecking, setChecking] = useState(false);
  const [problem, setProblem] = useState(firstProblem);

  /** Aborts the check of a key when the form is gone: another key may have been accepted since. */
  const check = useRef<AbortController>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('key')).trim();
    const { signal } = check.current!;
    setChecking(true);
    setProblem('');
    const checked = await checkCredential(token, signal);
    if (signal.aborted) return;
    const found = enter(checked);
    setChecking(false);
    setProblem(found ?? '');
    if (found === null) onDone();
  };
  useEffect(() => {
    check.current = new AbortController();
    return () => check.current!.abort();
  }, []);
  const input = useRef<HTMLInputElement>(null);
  // After a dialog has put the focus on its close button.
  useEffect(() => queueMicrotask(() => input.current?.focus()), []);

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
